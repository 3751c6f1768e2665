using Node.Sensors.Drivers;

namespace Node.Sensors.Machine;

/// <summary>The space of the disk that a folder is on.</summary>
internal sealed class DiskSources(string folder)
{
    private const double Mebibyte = 1 << 20;

    private static readonly Quantity Used = new("diskUsed", "percent", 0, 100);
    private static readonly Quantity Free = new("diskFree", "mebibyte", 0, 1e12);

    public static IReadOnlyList<Quantity> Quantities => [Used, Free];

    public IEnumerable<MachineValue> Find()
    {
        if (Space() is null) { yield break; }

        yield return new MachineValue(Used, () => Space() is { } space ? 100.0 * (space.Total - space.Free) / space.Total : null);
        yield return new MachineValue(Free, () => Space()?.Free / Mebibyte);
    }

    /// <summary>What this user may still write counts as free.</summary>
    private (long Total, long Free)? Space()
    {
        try
        {
            DriveInfo drive = new(folder);
            return drive.TotalSize > 0 ? (drive.TotalSize, drive.AvailableFreeSpace) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
