using System.Buffers.Binary;
using System.Text;

namespace HubEmulator.Tests.Live;

/// <summary>Packets written by hand, for what a proper client never sends.</summary>
internal static class Packets
{
    public static byte[] Connect(string host, string deviceId, string token, byte level = 4, ushort keepAlive = 180, string? willTopic = null, string? userName = null, bool clean = false)
    {
        byte[] will = willTopic is null ? [] : [.. Text(willTopic), .. Text("gone")];
        byte flags = (byte)(0xC0 | (willTopic is null ? 0 : 4) | (clean ? 2 : 0));
        byte[] body =
        [
            .. Text("MQTT"), level, flags, (byte)(keepAlive >> 8), (byte)keepAlive, .. Text(deviceId), .. will, .. Text(userName ?? $"{host}/{deviceId}/?api-version=2021-04-12"), .. Text(token),
        ];
        return Framed(0x10, body);
    }

    public static byte[] Publish(ushort identifier, string topic, byte[] payload) =>
        Framed(0x32, [.. Text(topic), (byte)(identifier >> 8), (byte)identifier, .. payload]);

    public static byte[] Subscribe(ushort identifier, string filter, byte quality) =>
        Framed(0x82, [(byte)(identifier >> 8), (byte)identifier, .. Text(filter), quality]);

    public static byte[] Unsubscribe(ushort identifier, string filter) => Framed(0xA2, [(byte)(identifier >> 8), (byte)identifier, .. Text(filter)]);

    public static byte[] Acknowledge(ushort identifier) => [0x40, 0x02, (byte)(identifier >> 8), (byte)identifier];

    private static byte[] Framed(byte header, byte[] body)
    {
        var length = new List<byte>();
        for (int rest = body.Length; ; rest >>= 7)
        {
            length.Add((byte)(rest > 0x7F ? (rest & 0x7F) | 0x80 : rest));
            if (rest <= 0x7F)
            {
                return [header, .. length, .. body];
            }
        }
    }

    private static byte[] Text(string text)
    {
        byte[] bytes = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(bytes.Length - 2));
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(2));
        return bytes;
    }
}
