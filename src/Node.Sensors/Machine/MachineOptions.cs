namespace Node.Sensors.Machine;

/// <summary>Where a <see cref="MachineSensor"/> looks.</summary>
public sealed record MachineOptions
{
    /// <summary>The folder that holds <c>proc</c> and <c>sys</c>. Default <c>/</c>; a container with the host's files mapped elsewhere, or a test, has another.</summary>
    public string RootFolder { get; init; } = "/";

    /// <summary>A folder on the disk whose space is measured. Default <c>/</c>.</summary>
    public string DiskFolder { get; init; } = "/";

    /// <summary>The network interface to measure, such as <c>wlan0</c>. Default <see langword="null"/>: the one with the default route, or else the first with a cable or radio.</summary>
    public string? NetworkInterface { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(RootFolder);
        ArgumentException.ThrowIfNullOrWhiteSpace(DiskFolder);
        if (NetworkInterface?.IndexOfAny(['/', '\0']) >= 0 || NetworkInterface is "" or "." or "..")
        {
            throw new ArgumentException("NetworkInterface must be a name such as wlan0.", nameof(NetworkInterface));
        }
    }
}
