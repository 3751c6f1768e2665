using System.Buffers.Binary;
using System.Text;
using Node.HubClient;

namespace Node.Benchmarks.Peers;

/// <summary>What every peer sends: 256 bytes of JSON with two properties, as a device would.</summary>
internal static class Traffic
{
    public const string DeviceId = "bench";

    /// <summary>What the client makes of <see cref="NewMessage"/>.</summary>
    public const string Topic = "devices/bench/messages/events/source=bench&level=info";

    /// <summary>The property bag of a cloud-to-device message: the address, which the hub always adds, and two properties.</summary>
    public const string C2dBag = "%24.to=%2Fdevices%2Fbench%2Fmessages%2FdeviceBound&source=bench&level=info";

    /// <summary>The body.</summary>
    public static byte[] Payload { get; } = Encoding.ASCII.GetBytes("{\"value\":\"" + new string('x', 244) + "\"}");

    /// <summary>A connection string for this device.</summary>
    public static string Identity(string deviceId) =>
        $"HostName={Brokers.Endpoint.HostName};DeviceId={deviceId};SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /// <summary>A message as an application makes it: an object with two properties around a body.</summary>
    public static TelemetryMessage NewMessage(ReadOnlyMemory<byte> body)
    {
        var message = new TelemetryMessage(body);
        message.Properties.Add(new("source", "bench"));
        message.Properties.Add(new("level", "info"));
        return message;
    }

    /// <summary>A PUBLISH at QoS 1 with packet id 1, byte by byte; the id stands before the body, which ends the packet.</summary>
    public static byte[] Publish(string topic)
    {
        byte[] name = Encoding.ASCII.GetBytes(topic);
        int remaining = 2 + name.Length + 2 + Payload.Length;
        byte[] packet = [0x32, (byte)((remaining & 0x7F) | 0x80), (byte)(remaining >> 7), 0, 0, .. name, 0, 1, .. Payload];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(3), (ushort)name.Length);
        return packet;
    }
}
