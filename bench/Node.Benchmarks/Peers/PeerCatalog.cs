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

    private const int MqttNetBufferBytes = 8 * 1024;
    private const int ReceiverBufferBytes = 1024 * 1024;
    private static readonly int[] Cadences = [1, 10, 100];

    /// <summary>All of them, each as fast as it can.</summary>
    public static string[] Names { get; } = [Own, Low, High, Floor];

    /// <summary>Our own client with a DoWork at each of these, instead of in a tight loop.</summary>
    public static string OwnEach(int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{Own} each {milliseconds} ms");

    /// <summary>Makes a client that is not connected yet, MQTTnet's as they are by default.</summary>
    public static IPeer Make(string name, Endpoint endpoint) => Make(name, endpoint, Traffic.DeviceId, MqttNetBufferBytes);

    /// <summary>
    /// Makes a client to which messages are pushed. MQTTnet's socket buffers, which also bound what TCP lets the sink send, are larger than
    /// by default: the window would close, and the peer would stand still for 200 ms at a time.
    /// </summary>
    public static IPeer MakeReceiver(string name, Endpoint endpoint, string deviceId) => Make(name, endpoint, deviceId, ReceiverBufferBytes);

    private static IPeer Make(string name, Endpoint endpoint, string deviceId, int bufferBytes) => name switch
    {
        Own => OwnPeer.To(endpoint, deviceId),
        Low => new MqttNetLowPeer(endpoint, deviceId, bufferBytes),
        High => new MqttNetHighPeer(endpoint, deviceId, bufferBytes),
        Floor => new FloorPeer(endpoint, deviceId),
        _ => OwnPeer.To(endpoint, deviceId, CadenceOf(name)),
    };

    private static TimeSpan CadenceOf(string name) =>
        Cadences.Where(milliseconds => OwnEach(milliseconds) == name).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)).Single();
}
