using System.Buffers.Binary;
using System.Text;

namespace Node.Sensors.Bus.Remote;

/// <summary>One request on its way out: length, kind, number, body; little end first. Used again for the next one.</summary>
internal sealed class RemoteFrame
{
    /// <summary>The longest frame, without the four bytes of its length.</summary>
    public const int LongestLength = 512 * 1024;

    public const int LengthBytes = 4;
    public const int HeadLength = 5;

    private byte[] _bytes = new byte[256];
    private int _used;

    /// <summary>What to send.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes, _used - LengthBytes);
            return _bytes.AsSpan(0, _used);
        }
    }

    /// <summary>The frame's length, without the four bytes that hold it.</summary>
    public int Length => _used - LengthBytes;

    public RemoteFrame Begin(RemoteFrameKind kind, uint number)
    {
        _used = LengthBytes;
        Byte((byte)kind);
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), number);
        return this;
    }

    public RemoteFrame Byte(byte value)
    {
        Room(1)[0] = value;
        return this;
    }

    public RemoteFrame Word(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Room(2), (ushort)value);
        return this;
    }

    public RemoteFrame DoubleWord(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(Room(4), value);
        return this;
    }

    public RemoteFrame Data(ReadOnlySpan<byte> data)
    {
        data.CopyTo(Room(data.Length));
        return this;
    }

    /// <summary>A length of one byte and the text.</summary>
    public RemoteFrame Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Byte((byte)bytes.Length).Data(bytes);
    }

    private Span<byte> Room(int count)
    {
        if (_used + count > _bytes.Length) { Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + count)); }

        Span<byte> room = _bytes.AsSpan(_used, count);
        _used += count;
        return room;
    }
}
