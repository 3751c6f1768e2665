namespace Node.Sensors.Signals;

/// <summary>The folder in which bursts wait for their upload; it never grows beyond its limits.</summary>
/// <param name="folder">The folder, made when it is absent.</param>
/// <param name="mostFiles">How many complete bursts are kept, from 1 on; the oldest go first.</param>
/// <param name="mostBytes">How many bytes of complete bursts are kept.</param>
public sealed class BurstFolder(string folder, int mostFiles = 16, long mostBytes = 64 << 20)
{
    internal const string PartSuffix = ".part";

    private const string Suffix = ".wav";

    /// <summary>The complete bursts, oldest first.</summary>
    public IReadOnlyList<string> Files => !Directory.Exists(folder) ? [] :
        [.. Directory.GetFiles(folder, "*" + Suffix).Where(static path => path.EndsWith(Suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>How many bursts were dropped because of the limits.</summary>
    public long Dropped { get; private set; }

    /// <summary>Begins a burst whose name tells sensor and start, so that names sort by time: <c>20260131T120000.000Z-name.wav</c>.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public BurstFile Create(BurstHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        Directory.CreateDirectory(folder);
        string name = string.Concat(header.Sensor.Where(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'));
        return new BurstFile(Path.Combine(folder, FormattableString.Invariant($"{header.Start.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}-{name}{Suffix}")), header);
    }

    /// <summary>Drops the oldest bursts beyond the limits. Call it after a burst is complete.</summary>
    /// <returns>How many were dropped.</returns>
    public int Trim()
    {
        int dropped = 0;
        List<FileInfo> files = [.. Files.Select(static path => new FileInfo(path))];
        while (files.Count > 1 && (files.Count > mostFiles || files.Sum(static file => file.Length) > mostBytes))
        {
            files[0].Delete();
            files.RemoveAt(0);
            dropped++;
        }

        Dropped += dropped;
        return dropped;
    }

    /// <summary>Removes a burst that is stored elsewhere now.</summary>
    /// <returns><see langword="false"/> when the file cannot be removed, with the reason.</returns>
    public static bool TryRemove(string path, out string? reason)
    {
        try
        {
            File.Delete(path);
            reason = null;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            reason = failure.Message;
            return false;
        }
    }

    /// <summary>
    /// Puts right what a crash left behind: a part with whole samples becomes a burst that says <c>"complete":false</c>, any other is removed.
    /// Call it before the first burst of a run.
    /// </summary>
    /// <returns>The bursts that were saved.</returns>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public IReadOnlyList<string> Recover()
    {
        if (!Directory.Exists(folder)) { return []; }

        List<string> saved = [];
        foreach (string part in Directory.GetFiles(folder, "*" + Suffix + PartSuffix).Order(StringComparer.Ordinal))
        {
            if (TryRepair(part))
            {
                string path = part[..^PartSuffix.Length];
                File.Move(part, path, overwrite: true);
                saved.Add(path);
            }
            else
            {
                File.Delete(part);
            }
        }

        return saved;
    }

    private static bool TryRepair(string part)
    {
        using FileStream file = new(part, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        byte[] header = new byte[WavHeader.Length];
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !WavHeader.TryRepair(header, file.Length)) { return false; }

        long whole = WavHeader.Length + BitConverter.ToUInt32(header, WavHeader.Length - 4);
        if (whole == WavHeader.Length) { return false; }

        file.SetLength(whole);
        file.Position = 0;
        file.Write(header);
        file.Flush(flushToDisk: true);
        return true;
    }
}
