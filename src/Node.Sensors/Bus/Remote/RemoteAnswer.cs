using System.Buffers.Binary;
using System.Text;

namespace Node.Sensors.Bus.Remote;

/// <summary>Takes what the other end sent apart. Whatever is missing there is a <see cref="RemoteLinkException"/>.</summary>
internal ref struct RemoteAnswer
{
    private const byte AnswerBit = 0x80;
    private readonly RemoteBusEndpoint _endpoint;
    private readonly byte _kind;
    private readonly uint _number;
    private ReadOnlySpan<byte> _rest;

    public RemoteAnswer(ReadOnlySpan<byte> frame, RemoteBusEndpoint endpoint)
    {
        _endpoint = endpoint;
        _rest = frame;
        _kind = Byte();
        _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4));
        Errno = (_kind & AnswerBit) == 0 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(Take(4));
    }

    /// <summary>The error number of Linux, or 0.</summary>
    public int Errno { get; }

    /// <summary>Bytes that were not taken yet.</summary>
    public readonly int Left => _rest.Length;

    public readonly bool IsNews(RemoteFrameKind kind) => _kind == (byte)kind;

    /// <exception cref="RemoteLinkException">It answers something else.</exception>
    public readonly void RequireFor(RemoteFrameKind kind, uint number)
    {
        if (_kind != ((byte)kind | AnswerBit) || _number != number)
        {
            throw RemoteLinkException.Garbled(_endpoint, "an answer to something that was not asked");
        }
    }

    public byte Byte() => Take(1)[0];

    public int Word() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public void Skip(int count) => Take(count);

    public void CopyTo(Span<byte> target) => Take(target.Length).CopyTo(target);

    /// <summary>What the other end says about the error.</summary>
    public string Failure() => Encoding.UTF8.GetString(Take(Word()));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) { throw RemoteLinkException.Garbled(_endpoint, "an answer that ends too early"); }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
