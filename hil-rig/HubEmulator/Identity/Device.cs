using HubEmulator.C2d;
using HubEmulator.Mqtt;
using HubEmulator.Twins;

namespace HubEmulator.Identity;

/// <summary>Everything the hub holds of one device: its identity, its twin and its session.</summary>
internal sealed class Device(DeviceIdentity identity, Twin twin, DeviceSession session)
{
    private volatile DeviceIdentity _identity = identity;
    private volatile IReadOnlyDictionary<string, string> _configurations = new Dictionary<string, string>();

    public DeviceIdentity Identity
    {
        get => _identity;
        set => _identity = value;
    }

    public string Id { get; } = identity.Id;

    public Twin Twin { get; } = twin;

    public DeviceSession Session { get; } = session;

    /// <summary>The configurations that mean it, each with what has become of it; the configurations' worker alone sets it.</summary>
    public IReadOnlyDictionary<string, string> Configurations
    {
        get => _configurations;
        set => _configurations = value;
    }

    /// <summary>The cloud-to-device messages that have not ended.</summary>
    public C2dQueue Messages { get; } = new();
}
