using Node.HubClient;

namespace Node.Host.Upload;

/// <summary>
/// What something costs on a metered link, both ways: MQTT 3.1.1 framing (section 3.3), a TLS 1.3 record (RFC 8446 section 5.2) and the
/// TCP/IP headers of a packet and of its answer. A reckoning: what the network repeats is not in it.
/// </summary>
internal static class WireCost
{
    /// <summary>A connection's set-up: TCP and TLS handshakes with the hub's certificates, CONNECT, subscriptions and the twin.</summary>
    public const int Connection = 7_000;

    private const int PacketHeaders = 52; // IPv4 and TCP with time stamps.
    private const int RecordOverhead = 22; // Header, content type and tag.
    private const int SegmentBytes = 1_400;
    private const int RecordBytes = 16_384;
    private const int Acknowledgement = 4 + RecordOverhead + (2 * PacketHeaders); // PUBACK, and TCP's own answer to it.
    private const int TopicFixed = 34; // devices/…/messages/events/, the length fields and the packet id.
    private const int PropertyFixed = 6; // &, =, and the escaped $. of a system property.

    /// <summary>A message and its confirmation.</summary>
    public static int Of(TelemetryMessage message, string deviceId)
    {
        int topic = TopicFixed + deviceId.Length
            + Text("$.mid", message.MessageId) + Text("$.ct", message.ContentType) + Text("$.ce", message.ContentEncoding)
            + Text("$.sub", message.ComponentName) + (message.CreationTime is null ? 0 : 40);
        foreach ((string name, string? value) in message.Properties)
        {
            topic += Text(name, value);
        }

        return Publish(topic + message.Body.Length);
    }

    /// <summary>A reported patch and its answer.</summary>
    public static int OfPatch(int bytes) => Publish(50 + bytes) + 60;

    private static int Publish(int bytes) =>
        bytes + ((bytes / RecordBytes) + 1) * RecordOverhead + ((bytes / SegmentBytes) + 1) * PacketHeaders + Acknowledgement;

    private static int Text(string name, string? value) =>
        value is null ? 0 : name.Length + PropertyFixed + Uri.EscapeDataString(value).Length;
}
