using System.Collections.Concurrent;
using System.Globalization;
using HubEmulator.Mqtt;
using HubEmulator.Twins;

namespace HubEmulator.Identity;

/// <summary>The devices of the hub. Ids differ by case. At most <see cref="MostDevices"/> exist.</summary>
internal sealed class DeviceRegistry(TimeProvider clock)
{
    public const int MostDevices = 100_000;

    private readonly ConcurrentDictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private long _lastGeneration;

    /// <summary>Raised after every change of an identity, so that it can be made durable.</summary>
    public event Action? Changed;

    public int Count => _devices.Count;

    public IEnumerable<Device> All => _devices.Values;

    public Device? Find(string id) => _devices.GetValueOrDefault(id);

    /// <summary>Puts back a device that was remembered.</summary>
    public void Restore(Device device) => _devices[device.Id] = device;

    /// <returns>The new device, or null when the id is taken or the registry is full.</returns>
    public Device? TryCreate(string id, SymmetricKeys keys, bool enabled = true, string? statusReason = null)
    {
        Device device;
        lock (_changing)
        {
            if (_devices.Count >= MostDevices || _devices.ContainsKey(id))
            {
                return null;
            }

            _lastGeneration = Math.Max(_lastGeneration + 1, clock.GetUtcNow().UtcTicks);
            var identity = new DeviceIdentity
            {
                Id = id,
                GenerationId = _lastGeneration.ToString(CultureInfo.InvariantCulture),
                Keys = keys,
                Enabled = enabled,
                StatusReason = statusReason,
            };
            device = new Device(identity, new Twin(), new DeviceSession());
            _devices[id] = device;
        }

        Changed?.Invoke();
        return device;
    }

    /// <summary>Replaces keys and status. New keys, or a disabled device, end the live connection.</summary>
    /// <returns>False when the entity tag does not fit.</returns>
    public bool TryUpdate(Device device, string? ifMatch, SymmetricKeys keys, bool enabled, string? statusReason)
    {
        bool dropConnection;
        lock (_changing)
        {
            DeviceIdentity old = device.Identity;
            if (!EntityTags.Meets(old.ETag, ifMatch))
            {
                return false;
            }

            dropConnection = !enabled || keys != old.Keys;
            device.Identity = old with
            {
                Keys = keys,
                Enabled = enabled,
                StatusReason = statusReason,
                StatusUpdated = enabled == old.Enabled ? old.StatusUpdated : clock.GetUtcNow(),
                Revision = old.Revision + 1,
            };
        }

        if (dropConnection)
        {
            device.Session.DropConnection(CloseReason.IdentityChanged);
        }

        Changed?.Invoke();
        return true;
    }

    /// <returns>False when the entity tag does not fit.</returns>
    public bool TryDelete(Device device, string? ifMatch)
    {
        lock (_changing)
        {
            if (!EntityTags.Meets(device.Identity.ETag, ifMatch))
            {
                return false;
            }

            _devices.TryRemove(device.Id, out _);
        }

        device.Session.DropConnection(CloseReason.IdentityChanged);
        Changed?.Invoke();
        return true;
    }
}
