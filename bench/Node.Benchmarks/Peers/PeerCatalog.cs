using System.Diagnostics;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Peers;

/// <summary>The clients that are measured side by side, by their names in the tables.</summary>
internal static class PeerCatalog
{
    public const string Own = "IotHubClientLL";
    public const string Low = "MQTTnet low";
    public const string High = "MQTTnet high";
    public const string Floor = "floor (no API)";

    /// <summary>All of them.</summary>
    public static string[] Names { get; } = [Own, Low, High, Floor];

    /// <summary>Makes a client that is not connected yet; the own one is driven by DoWork in a tight loop.</summary>
    public static IPeer Make(string name, Endpoint endpoint, string deviceId = Traffic.DeviceId) => name switch
    {
        Own => OwnPeer.To(endpoint, deviceId),
        Low => new MqttNetLowPeer(endpoint, deviceId),
        High => new MqttNetHighPeer(endpoint, deviceId),
        Floor => new FloorPeer(endpoint, deviceId),
        _ => throw new UnreachableException(name),
    };
}
