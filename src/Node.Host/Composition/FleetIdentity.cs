namespace Node.Host.Composition;

/// <summary>What balena tells a container of its place in the fleet. Every part is null on a machine that belongs to none.</summary>
/// <param name="Name">The fleet.</param>
/// <param name="Release">Commit of the release that runs.</param>
/// <param name="DeviceUuid">The device's id in the fleet.</param>
/// <param name="DeviceName">The device's name at the start of the service.</param>
/// <param name="DeviceType">Such as <c>raspberrypi4-64</c>.</param>
/// <param name="HostOs">The host's operating system with its version.</param>
internal sealed record FleetIdentity(string? Name, string? Release, string? DeviceUuid, string? DeviceName, string? DeviceType, string? HostOs)
{
    /// <summary>Reads the supervisor's variables, under their old names too. Current supervisors name no release: then the image's own variable counts.</summary>
    /// <param name="variable">An environment variable; null when it is not set.</param>
    public static FleetIdentity Read(Func<string, string?> variable)
    {
        string? Known(string name) => new[] { variable($"BALENA_{name}"), variable($"RESIN_{name}") }.FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        return new FleetIdentity(
            Known("APP_NAME"), Known("APP_RELEASE") ?? Known("RELEASE_HASH"), Known("DEVICE_UUID"), Known("DEVICE_NAME_AT_INIT"), Known("DEVICE_TYPE"), Known("HOST_OS_VERSION"));
    }

    /// <summary>Whether the machine belongs to a fleet.</summary>
    public bool IsKnown => Name is not null || DeviceUuid is not null;
}
