namespace HubEmulator;

/// <summary>A device that the hub knows from its start on.</summary>
/// <param name="Id">1 to 128 characters of the IoT Hub alphabet; case counts.</param>
/// <param name="PrimaryKey">Base64 of 16 to 64 bytes. Null keeps the key that the data folder remembers, or makes a new one.</param>
public sealed record LocalDevice(string Id, string? PrimaryKey = null);
