using System.Collections.Concurrent;
using System.Globalization;
using HubEmulator.Mqtt;
using HubEmulator.Twins;

namespace HubEmulator.Identity;

/// <summary>The devices of the hub and their modules. Ids differ by case. At most <see cref="MostDevices"/> of both exist, and <see cref="MostModules"/> modules of a device.</summary>
internal sealed class DeviceRegistry(TimeProvider clock)
{
    public const int MostDevices = 100_000;
    public const int MostModules = 50;

    /// <summary>Who looks after the modules that the service makes on an Edge device.</summary>
    public const string EdgeManager = "iotEdge";

    private static readonly string[] SystemModules = ["$edgeAgent", "$edgeHub"];

    private readonly ConcurrentDictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Device> _modules = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private long _lastGeneration;

    /// <summary>Raised with its id after every change of an identity, so that it can be made durable.</summary>
    public event Action<string>? Changed;

    public int Count => _devices.Count;

    /// <summary>Devices and modules.</summary>
    public IEnumerable<Device> All => _devices.Values.Concat(_modules.Values);

    public IEnumerable<Device> Devices => _devices.Values;

    public Device? Find(string id) => Shelf(id).GetValueOrDefault(id);

    public IEnumerable<Device> ModulesOf(string deviceId)
    {
        string prefix = DeviceIds.Join(deviceId, "");
        return _modules.Values.Where(module => module.Id.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>False when the device is disabled, or for a module when its device is.</summary>
    public bool IsEnabled(Device device) =>
        device.Identity.Enabled && (DeviceIds.ModuleOf(device.Id) is null || Find(DeviceIds.DeviceOf(device.Id)) is { Identity.Enabled: true });

    /// <summary>Puts back a device that was remembered.</summary>
    public void Restore(Device device) => Shelf(device.Id)[device.Id] = device;

    /// <summary>Makes a device or a module; an Edge device comes with the two modules of its runtime.</summary>
    /// <returns>The new device or module, or null when the id is taken, there is no room, or the module's device does not exist.</returns>
    public Device? TryCreate(string id, DeviceCredentials credentials, bool enabled = true, string? statusReason = null, bool isEdge = false, string? managedBy = null, Twin? twin = null)
    {
        Device device;
        lock (_changing)
        {
            if (Find(id) is not null || !HasRoomFor(id))
            {
                return null;
            }

            _lastGeneration = Math.Max(_lastGeneration + 1, clock.GetUtcNow().UtcTicks);
            var identity = new DeviceIdentity
            {
                Id = id,
                GenerationId = _lastGeneration.ToString(CultureInfo.InvariantCulture),
                Credentials = credentials,
                Enabled = enabled,
                StatusReason = statusReason,
                IsEdge = isEdge,
                ManagedBy = managedBy,
            };
            device = new Device(identity, twin ?? new Twin(), new DeviceSession());
            Shelf(id)[id] = device;
        }

        Changed?.Invoke(id);
        if (isEdge && DeviceIds.ModuleOf(id) is null)
        {
            Array.ForEach(SystemModules, name => TryCreate(DeviceIds.Join(id, name), DeviceCredentials.Of(SymmetricKeys.Generate()), managedBy: EdgeManager));
        }

        return device;
    }

    /// <summary>The same as below with new keys and the way of authentication that it has.</summary>
    public bool TryUpdate(Device device, string? ifMatch, SymmetricKeys keys, bool enabled, string? statusReason) =>
        TryUpdate(device, ifMatch, device.Identity.Credentials with { Keys = keys }, enabled, statusReason);

    /// <summary>Replaces credentials, status and, where given, the capability of an Edge device and who manages a module. New credentials, or a disabled device, end the live connection.</summary>
    /// <returns>False when the entity tag does not fit.</returns>
    public bool TryUpdate(Device device, string? ifMatch, DeviceCredentials credentials, bool enabled, string? statusReason, bool? isEdge = null, string? managedBy = null)
    {
        bool dropConnection;
        lock (_changing)
        {
            DeviceIdentity old = device.Identity;
            if (!EntityTags.Meets(old.ETag, ifMatch))
            {
                return false;
            }

            dropConnection = !enabled || credentials != old.Credentials;
            device.Identity = old with
            {
                Credentials = credentials,
                Enabled = enabled,
                StatusReason = statusReason,
                IsEdge = isEdge ?? old.IsEdge,
                ManagedBy = managedBy ?? old.ManagedBy,
                StatusUpdated = enabled == old.Enabled ? old.StatusUpdated : clock.GetUtcNow(),
                Revision = old.Revision + 1,
            };
        }

        if (dropConnection)
        {
            device.Session.DropConnection(CloseReason.IdentityChanged);
        }

        if (!enabled)
        {
            ModulesOf(device.Id).ToList().ForEach(module => module.Session.DropConnection(CloseReason.IdentityChanged));
        }

        Changed?.Invoke(device.Id);
        return true;
    }

    /// <summary>Removes a device with its modules, or a module.</summary>
    /// <returns>False when the entity tag does not fit.</returns>
    public bool TryDelete(Device device, string? ifMatch)
    {
        List<Device> gone = [device];
        lock (_changing)
        {
            if (!EntityTags.Meets(device.Identity.ETag, ifMatch))
            {
                return false;
            }

            gone.AddRange(ModulesOf(device.Id));
            gone.ForEach(identity => Shelf(identity.Id).TryRemove(identity.Id, out _));
        }

        gone.ForEach(identity => identity.Session.DropConnection(CloseReason.IdentityChanged));
        gone.ForEach(identity => Changed?.Invoke(identity.Id));
        return true;
    }

    private bool HasRoomFor(string id)
    {
        string device = DeviceIds.DeviceOf(id);
        return _devices.Count + _modules.Count < MostDevices
            && (device == id || (Find(device) is not null && ModulesOf(device).Count() < MostModules));
    }

    private ConcurrentDictionary<string, Device> Shelf(string id) => DeviceIds.ModuleOf(id) is null ? _devices : _modules;
}
