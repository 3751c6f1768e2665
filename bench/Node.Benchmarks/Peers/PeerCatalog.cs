using System.Globalization;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Peers;

/// <summary>The clients that are measured side by side, by their names in the tables.</summary>
internal static class PeerCatalog
{
    public const string Own = "IotHubClientLL";
    public const string Low = "MQTTnet low";
    public const string High = "MQTTnet high";
    public const string Floor = "floor (no API)";

    private static readonly int[] Cadences = [1, 10, 100];

    /// <summary>All of them, each as fast as it can.</summary>
    public static string[] Names { get; } = [Own, Low, High, Floor];

    /// <summary>Our own client with a DoWork at each of these, instead of in a tight loop.</summary>
    public static string OwnEach(int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{Own} each {milliseconds} ms");

    /// <summary>Makes a client that is not connected yet.</summary>
    public static IPeer Make(string name, Endpoint endpoint, string deviceId = Traffic.DeviceId) => name switch
    {
        Own => OwnPeer.To(endpoint, deviceId),
        Low => new MqttNetLowPeer(endpoint, deviceId),
        High => new MqttNetHighPeer(endpoint, deviceId),
        Floor => new FloorPeer(endpoint, deviceId),
        _ => OwnPeer.To(endpoint, deviceId, CadenceOf(name)),
    };

    private static TimeSpan CadenceOf(string name) =>
        Cadences.Where(milliseconds => OwnEach(milliseconds) == name).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).Single();
}
