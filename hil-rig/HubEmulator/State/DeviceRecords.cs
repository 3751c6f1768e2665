using HubEmulator.Identity;
using HubEmulator.Mqtt;
using HubEmulator.Twins;

namespace HubEmulator.State;

/// <summary>Devices as they are remembered, and back.</summary>
internal static class DeviceRecords
{
    public static Device ToDevice(DeviceRecord record) => new(
        new DeviceIdentity
        {
            Id = record.Id,
            GenerationId = record.GenerationId,
            Credentials = Credentials(record),
            Enabled = record.Enabled,
            StatusReason = record.StatusReason,
            StatusUpdated = record.StatusUpdated,
            Revision = record.Revision,
            IsEdge = record.IsEdge,
            ManagedBy = record.ManagedBy,
        },
        Twin.FromRecord(record.Twin),
        DeviceSession.FromRecord(record.Subscriptions));

    public static DeviceRecord ToRecord(Device device)
    {
        DeviceIdentity identity = device.Identity;
        return new DeviceRecord(
            identity.Id, identity.GenerationId, Keys(identity.Keys), identity.Enabled, identity.StatusReason, identity.StatusUpdated,
            identity.Revision, device.Twin.ToRecord(), device.Session.ToRecord())
        {
            Messages = device.Messages.ToRecord(),
            IsEdge = identity.IsEdge,
            ManagedBy = identity.ManagedBy,
            Authentication = identity.Credentials.Type,
            PrimaryThumbprint = identity.Credentials.Thumbprints.Primary,
            SecondaryThumbprint = identity.Credentials.Thumbprints.Secondary,
        };
    }

    private static DeviceCredentials Credentials(DeviceRecord record) => new(
        record.Authentication, new SymmetricKeys(record.Keys.Primary, record.Keys.Secondary), new Thumbprints(record.PrimaryThumbprint, record.SecondaryThumbprint));

    public static KeysRecord Keys(SymmetricKeys keys) => new(keys.Primary, keys.Secondary);
}
