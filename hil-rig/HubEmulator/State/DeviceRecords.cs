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
            Keys = new SymmetricKeys(record.Keys.Primary, record.Keys.Secondary),
            Enabled = record.Enabled,
            StatusReason = record.StatusReason,
            StatusUpdated = record.StatusUpdated,
            Revision = record.Revision,
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
        };
    }

    public static KeysRecord Keys(SymmetricKeys keys) => new(keys.Primary, keys.Secondary);
}
