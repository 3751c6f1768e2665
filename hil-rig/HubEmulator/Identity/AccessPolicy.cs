namespace HubEmulator.Identity;

/// <summary>A named pair of keys with the rights that either key gives.</summary>
internal sealed record AccessPolicy(string Name, AccessRights Rights, SymmetricKeys Keys)
{
    public const string Owner = "iothubowner";
    public const string Service = "service";

    /// <summary>The five policies that every hub is born with.</summary>
    public static IReadOnlyDictionary<string, AccessRights> BuiltIn { get; } = new Dictionary<string, AccessRights>(StringComparer.Ordinal)
    {
        [Owner] = AccessRights.RegistryRead | AccessRights.RegistryWrite | AccessRights.ServiceConnect | AccessRights.DeviceConnect,
        [Service] = AccessRights.ServiceConnect,
        ["device"] = AccessRights.DeviceConnect,
        ["registryRead"] = AccessRights.RegistryRead,
        ["registryReadWrite"] = AccessRights.RegistryRead | AccessRights.RegistryWrite,
    };
}
