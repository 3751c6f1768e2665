using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Node.Benchmarks.Peers;

namespace Node.Benchmarks.Brokers;

/// <summary>
/// What the sink knows of one connection. The client identifier says what the measurement wants: <c>mute…</c> for PUBLISH packets that are
/// never acknowledged, <c>push-{count}-{window}</c> for so many cloud-to-device messages after the first SUBSCRIBE, a window of them
/// unacknowledged at most; anything else is acknowledged at once.
/// </summary>
internal sealed class SinkSession
{
    private string _clientId = "";
    private byte[] _packet = [];
    private bool _isMute;
    private int _unsent;
    private int _window;
    private int _unacknowledged;
    private ushort _lastId;

    /// <summary>The client identifier that asks for pushes.</summary>
    public static string PushId(int count, int window) => string.Create(CultureInfo.InvariantCulture, $"push-{count}-{window}");

    /// <summary>Writes the answer to a packet; 0 bytes when there is none.</summary>
    public int Reply(ReadOnlySpan<byte> packet, int body, Span<byte> reply)
    {
        switch (packet[0] >> 4)
        {
            case 1:
                Read(Encoding.ASCII.GetString(Text(packet, body + 10)));
                return Write(reply, [0x20, 2, 0, 0]);
            case 3 when (packet[0] & 6) != 0 && !_isMute:
                int id = body + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet[body..]);
                return Write(reply, [0x40, 2, packet[id], packet[id + 1]]);
            case 4:
                _unacknowledged--;
                return 0;
            case 8:
                _packet = Traffic.Publish($"devices/{_clientId}/messages/devicebound/{Traffic.C2dBag}");
                return Write(reply, [0x90, 3, packet[body], packet[body + 1], 1]);
            case 12:
                return Write(reply, [0xD0, 0]);
            default:
                return 0;
        }
    }

    /// <summary>Writes the messages that the window has room for.</summary>
    public int Push(Span<byte> into)
    {
        int written = 0;
        while (_unsent > 0 && _packet.Length > 0 && _unacknowledged < _window && into.Length - written >= _packet.Length)
        {
            _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
            BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(_packet.Length - Traffic.Payload.Length - 2), _lastId);
            written += Write(into[written..], _packet);
            _unacknowledged++;
            _unsent--;
        }

        return written;
    }

    private static int Write(Span<byte> into, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(into);
        return bytes.Length;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> packet, int at) => packet.Slice(at + 2, BinaryPrimitives.ReadUInt16BigEndian(packet[at..]));

    private void Read(string clientId)
    {
        _clientId = clientId;
        string[] parts = clientId.Split('-');
        _isMute = parts[0] == "mute";
        if (parts[0] == "push")
        {
            _unsent = int.Parse(parts[1], CultureInfo.InvariantCulture);
            _window = int.Parse(parts[2], CultureInfo.InvariantCulture);
        }
    }
}
