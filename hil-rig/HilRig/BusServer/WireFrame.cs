using System.Buffers.Binary;
using System.Text;

namespace HilRig.BusServer;

/// <summary>Builds one frame: length, kind, request id, body; little end first.</summary>
internal sealed class WireFrame
{
    /// <summary>The longest frame either side may send, without the four bytes of its length.</summary>
    public const int LongestFrame = 512 * 1024;

    /// <summary>Kind and request id.</summary>
    public const int HeadLength = 5;

    private const int LongestText = 500;
    private byte[] _bytes = new byte[64];
    private int _used;

    public WireFrame(byte kind, uint id)
    {
        UInt32(0);
        Byte(kind);
        UInt32(id);
    }

    public WireFrame Byte(byte value)
    {
        Room(1)[0] = value;
        return this;
    }

    public WireFrame UInt16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Room(2), (ushort)value);
        return this;
    }

    public WireFrame UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Room(4), value);
        return this;
    }

    public WireFrame UInt64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(8), value);
        return this;
    }

    public WireFrame Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        return this;
    }

    public WireFrame ShortText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int length = Math.Min(bytes.Length, byte.MaxValue);
        return Byte((byte)length).Bytes(bytes.AsSpan(0, length));
    }

    /// <summary>An error number and its text, for people.</summary>
    public WireFrame Failure(int errno, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text.Length <= LongestText ? text : text[..LongestText]);
        return UInt32((uint)errno).UInt16(bytes.Length).Bytes(bytes);
    }

    /// <summary>The finished frame.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _used - sizeof(uint));
        return _bytes.AsMemory(0, _used);
    }

    private Span<byte> Room(int count)
    {
        if (_used + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + count));
        }
        _used += count;
        return _bytes.AsSpan(_used - count, count);
    }
}
