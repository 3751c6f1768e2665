using System.Buffers.Binary;
using System.Text;

namespace HubEmulator.Tests.Live;

/// <summary>A publish taken apart by hand.</summary>
internal sealed record ReceivedPublish(bool IsRepeated, int Quality, bool IsRetained, ushort Identifier, string Topic, string Payload)
{
    public static ReceivedPublish Read(byte header, byte[] body)
    {
        Assert.Equal(0x30, header & 0xF0);
        int quality = (header >> 1) & 3;
        int topicEnd = 2 + BinaryPrimitives.ReadUInt16BigEndian(body);
        int payload = topicEnd + (quality == 0 ? 0 : 2);
        ushort identifier = quality == 0 ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(topicEnd));
        return new ReceivedPublish(
            (header & 8) != 0, quality, (header & 1) != 0, identifier, Encoding.UTF8.GetString(body.AsSpan(2..topicEnd)), Encoding.UTF8.GetString(body.AsSpan(payload)));
    }
}
