using System.Buffers;

namespace HubEmulator.Mqtt;

/// <summary>The first bytes of a CONNECT, which say whether the rest is in a version that can be read (section 3.1.2).</summary>
internal static class ConnectPreamble
{
    /// <summary>Tells MQTT 3.1.1 from other levels and from what is no MQTT at all.</summary>
    public static ConnectLevel Read(ReadOnlySequence<byte> body)
    {
        Span<byte> start = stackalloc byte[9];
        int length = (int)Math.Min(start.Length, body.Length);
        body.Slice(0, length).CopyTo(start);
        ReadOnlySpan<byte> bytes = start[..length];
        if (bytes.StartsWith("\0\x0004MQTT"u8) && bytes.Length > 6)
        {
            return bytes[6] == 4 ? ConnectLevel.Served : ConnectLevel.NotServed;
        }

        return bytes.StartsWith("\0\x0006MQIsdp"u8) ? ConnectLevel.NotServed : ConnectLevel.NotMqtt;
    }
}
