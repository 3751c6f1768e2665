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
                registry.TryCreate(device.Id, Credentials(device, null));
            }
            else if (Credentials(device, known.Identity.Credentials) is var credentials && credentials != known.Identity.Credentials)
            {
                registry.TryUpdate(known, null, credentials, known.Identity.Enabled, known.Identity.StatusReason);
            }
        }
    }

    /// <summary>What the options ask for; what they leave open is as it is remembered, or new.</summary>
    private static DeviceCredentials Credentials(LocalDevice wanted, DeviceCredentials? known)
    {
        if (wanted.IsSignedByAuthority)
        {
            return DeviceCredentials.OfAuthority;
        }

        if (wanted.Thumbprint is { } primary && Thumbprints.TryRead(primary, out string? first))
        {
            return DeviceCredentials.Of(new Thumbprints(first, Thumbprints.TryRead(wanted.SecondaryThumbprint ?? "", out string? second) ? second : null));
        }

        if (wanted.PrimaryKey is null && known is not null)
        {
            return known;
        }

        string secondary = known?.Type == AuthenticationType.Sas ? known.Keys.Secondary : SymmetricKeys.GenerateOne();
        return DeviceCredentials.Of(new SymmetricKeys(wanted.PrimaryKey ?? SymmetricKeys.GenerateOne(), secondary));
    }
}
