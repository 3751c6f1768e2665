namespace HubEmulator.Identity;

/// <summary>What a shared access policy opens.</summary>
[Flags]
internal enum AccessRights
{
    None = 0,
    RegistryRead = 1,
    RegistryWrite = 2,
    ServiceConnect = 4,
    DeviceConnect = 8,
}
