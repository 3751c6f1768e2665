namespace Node.HubClient.Transport;

/// <summary>Cuts one MQTT packet off a receive buffer (MQTT 3.1.1 section 2.2).</summary>
/// <param name="FixedHeader">Packet type and flags.</param>
/// <param name="BodyStart">Where the body begins, counted from the packet's first byte.</param>
/// <param name="TotalLength">Length of the whole packet.</param>
internal readonly record struct MqttFrame(byte FixedHeader, int BodyStart, int TotalLength)
{
    /// <summary>Largest packet that the client takes: far above anything the hub sends (a method call of 128 KB).</summary>
    public const int MaximumBytes = 1 << 20;

    /// <summary>The packet type, 1 to 14.</summary>
    public int Type => FixedHeader >> 4;

    /// <summary>Reads the fixed header. False when bytes are missing; then <paramref name="malformed"/> says whether more could ever help.</summary>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out MqttFrame frame, out bool malformed)
    {
        frame = default;
        malformed = false;
        int remaining = 0;
        for (int at = 1; at < buffer.Length && at <= 4; at++)
        {
            remaining |= (buffer[at] & 0x7F) << (7 * (at - 1));
            if ((buffer[at] & 0x80) == 0)
            {
                frame = new MqttFrame(buffer[0], at + 1, at + 1 + remaining);
                malformed = frame.TotalLength > MaximumBytes;
                return !malformed && buffer.Length >= frame.TotalLength;
            }
        }

        malformed = buffer.Length >= 5;
        return false;
    }
}
