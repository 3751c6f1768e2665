using System.Buffers.Binary;
using System.Text;

namespace HilRig.BusServer;

/// <summary>Takes a frame's body apart, little end first. Whatever is asked beyond its end is a <see cref="WireException"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    /// <summary>A length of one byte and so many bytes of UTF-8.</summary>
    public string Text(int longest)
    {
        int length = Byte();
        return length <= longest ? Encoding.UTF8.GetString(Take(length)) : throw new WireException($"a text of {length} bytes where at most {longest} are allowed");
    }

    /// <summary>What is left over is as wrong as what is missing.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new WireException($"{_rest.Length} bytes too many");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw new WireException($"the frame ends {count - _rest.Length} bytes too early");
        }
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
