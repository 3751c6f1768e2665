using HubEmulator.Identity;

namespace HubEmulator.State;

/// <summary>Puts what was remembered, and what the options ask for, into a new hub.</summary>
internal static class HubMemory
{
    /// <summary>The built-in policies, each with its remembered keys or new ones.</summary>
    public static IReadOnlyDictionary<string, AccessPolicy> Policies(HubRecord? remembered)
    {
        var policies = new Dictionary<string, AccessPolicy>(StringComparer.Ordinal);
        foreach ((string name, AccessRights rights) in AccessPolicy.BuiltIn)
        {
            SymmetricKeys keys = remembered is not null && remembered.Policies.TryGetValue(name, out KeysRecord? known)
                ? new SymmetricKeys(known.Primary, known.Secondary)
                : SymmetricKeys.Generate();
            policies[name] = new AccessPolicy(name, rights, keys);
        }

        return policies;
    }

    public static void Fill(DeviceRegistry registry, HubRecord? remembered, IReadOnlyList<LocalDevice> wanted)
    {
        foreach (DeviceRecord record in remembered?.Devices ?? [])
        {
            Device device = DeviceRecords.ToDevice(record);
            device.Messages.Restore(record.Messages ?? []);
            registry.Restore(device);
        }

        foreach (LocalDevice device in wanted)
        {
            if (registry.Find(device.Id) is not { } known)
            {
                registry.TryCreate(device.Id, new SymmetricKeys(device.PrimaryKey ?? SymmetricKeys.GenerateOne(), SymmetricKeys.GenerateOne()));
            }
            else if (device.PrimaryKey is { } key && key != known.Identity.Keys.Primary)
            {
                DeviceIdentity identity = known.Identity;
                registry.TryUpdate(known, null, identity.Keys with { Primary = key }, identity.Enabled, identity.StatusReason);
            }
        }
    }
}
