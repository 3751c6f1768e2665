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
    private readonly MemoryStream _bytes = new(64);

    public WireFrame(byte kind, uint id)
    {
        UInt32(0);
        Byte(kind);
        UInt32(id);
    }

    public WireFrame Byte(byte value)
    {
        _bytes.WriteByte(value);
        return this;
    }

    public WireFrame UInt16(int value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return Bytes(bytes);
    }

    public WireFrame UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public WireFrame UInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Bytes(bytes);
    }

    public WireFrame Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
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
        byte[] bytes = _bytes.GetBuffer();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(_bytes.Length - 4));
        return bytes.AsMemory(0, (int)_bytes.Length);
    }
}
