namespace HubEmulator;

/// <summary>A device that the hub knows from its start on: with a key, or with a certificate where <see cref="Thumbprint"/> or <see cref="IsSignedByAuthority"/> says so.</summary>
/// <param name="Id">1 to 128 characters of the IoT Hub alphabet; case counts.</param>
/// <param name="PrimaryKey">Base64 of 16 to 64 bytes. Null keeps the key that the data folder remembers, or makes a new one.</param>
public sealed record LocalDevice(string Id, string? PrimaryKey = null)
{
    /// <summary>The SHA-1 or SHA-256 of the device's certificate, 40 or 64 hexadecimal digits with or without colons. Null, the default, for a device without a certificate of its own.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>The same of a second certificate that opens the device too, for a change of certificates.</summary>
    public string? SecondaryThumbprint { get; init; }

    /// <summary>True for a device that any certificate opens which carries its id as common name and leads to an authority of the hub
    /// (<see cref="LocalHubOptions.DeviceAuthorities"/>). Default false.</summary>
    public bool IsSignedByAuthority { get; init; }

    /// <summary>The key stays out of logs.</summary>
    public override string ToString() => $"device {Id}";
}
