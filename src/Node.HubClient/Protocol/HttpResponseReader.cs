using System.Buffers;
using System.Globalization;

namespace Node.HubClient.Protocol;

/// <summary>
/// Puts an HTTP/1.1 response together from the pieces that arrive (RFC 9112 section 6): body by length, in chunks, or up to the end of the
/// connection. Interim responses (1xx) are passed over, 101 excepted, after which another protocol begins.
/// </summary>
internal sealed class HttpResponseReader
{
    /// <summary>Largest body that is taken: far above any answer of the hub or of a blob store to a write.</summary>
    public const int MaximumBodyBytes = 1 << 20;

    private const int LongestChunkLine = 1_024;

    private readonly ArrayBufferWriter<byte> _held = new();
    private readonly ArrayBufferWriter<byte> _body = new();
    private Part _part;
    private long _left;

    private enum Part
    {
        Head,
        Length,
        UntilClose,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        Done,
        Broken,
    }

    /// <summary>Status and headers; null until they are whole.</summary>
    public HttpResponseHead? Head { get; private set; }

    /// <summary>Whether the response is whole.</summary>
    public bool IsComplete => _part is Part.Done;

    /// <summary>Why the bytes are no response; null while they may be one.</summary>
    public string? Fault { get; private set; }

    /// <summary>The body so far.</summary>
    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>Bytes behind the response: the first ones of what follows.</summary>
    public ReadOnlyMemory<byte> Rest => _part is Part.Done ? _held.WrittenMemory : default;

    /// <summary>Whether the connection can carry another exchange afterwards.</summary>
    public bool KeepsConnection { get; private set; }

    /// <summary>Takes what arrived.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        _held.Write(bytes);
        while (_part is not Part.Done and not Part.Broken && Step())
        {
        }
    }

    /// <summary>The connection ended: a body that runs to the end is whole, any other response is broken.</summary>
    public void End()
    {
        if (_part is Part.UntilClose)
        {
            _part = Part.Done;
        }
        else if (_part is not Part.Done)
        {
            Break("the connection ended within the response");
        }
    }

    private bool Step() => _part switch
    {
        Part.Head => StepHead(),
        Part.Length or Part.Chunk => StepCounted(),
        Part.UntilClose => StepUncounted(),
        Part.ChunkSize => StepChunkSize(),
        Part.ChunkEnd => StepChunkEnd(),
        _ => StepTrailer(),
    };

    private ReadOnlySpan<byte> Held => _held.WrittenSpan;

    private bool StepHead()
    {
        HeadOutcome outcome = HttpResponseHead.TryParse(Held, out HttpResponseHead? head, out int length);
        if (outcome is HeadOutcome.Malformed)
        {
            return Break("the answer is no HTTP response");
        }

        if (outcome is HeadOutcome.Incomplete)
        {
            return false;
        }

        Drop(length);
        if (head!.Status is >= 100 and < 200 and not 101)
        {
            return true;
        }

        Head = head;
        KeepsConnection = !head.Says("Connection", "close");
        return ChooseBody(head);
    }

    private bool ChooseBody(HttpResponseHead head)
    {
        if (head.Status is 101 or 204 or 304)
        {
            _part = Part.Done;
        }
        else if (head.Says("Transfer-Encoding", "chunked"))
        {
            _part = Part.ChunkSize;
        }
        else if (head.Header("Content-Length") is not { } text)
        {
            _part = Part.UntilClose;
            KeepsConnection = false;
        }
        else if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _left) || _left > MaximumBodyBytes)
        {
            return Break("the answer's Content-Length is no number or over 1 MiB");
        }
        else
        {
            _part = _left == 0 ? Part.Done : Part.Length;
        }

        return true;
    }

    private bool StepCounted()
    {
        int length = (int)Math.Min(_left, _held.WrittenCount);
        _body.Write(Held[..length]);
        Drop(length);
        _left -= length;
        if (_left > 0)
        {
            return false;
        }

        _part = _part is Part.Length ? Part.Done : Part.ChunkEnd;
        return true;
    }

    private bool StepUncounted()
    {
        if (_body.WrittenCount + _held.WrittenCount > MaximumBodyBytes)
        {
            return Break("the answer is over 1 MiB");
        }

        _body.Write(Held);
        Drop(_held.WrittenCount);
        return false;
    }

    private bool StepChunkSize()
    {
        int end = Held.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return _held.WrittenCount <= LongestChunkLine ? false : Break("the answer holds a malformed chunk");
        }

        ReadOnlySpan<byte> line = Held[..end];
        int extension = line.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = (extension < 0 ? line : line[..extension]).TrimEnd((byte)' ');
        if (digits.IsEmpty || !long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left)
            || _left < 0 || _left > MaximumBodyBytes - _body.WrittenCount)
        {
            return Break("the answer holds a malformed chunk, or is over 1 MiB");
        }

        Drop(end + 2);
        _part = _left == 0 ? Part.Trailer : Part.Chunk;
        return true;
    }

    private bool StepChunkEnd()
    {
        if (_held.WrittenCount < 2)
        {
            return false;
        }

        if (!Held.StartsWith("\r\n"u8))
        {
            return Break("the answer holds a malformed chunk");
        }

        Drop(2);
        _part = Part.ChunkSize;
        return true;
    }

    private bool StepTrailer()
    {
        int end = Held.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return _held.WrittenCount <= LongestChunkLine ? false : Break("the answer's trailer is too long");
        }

        Drop(end + 2);
        _part = end == 0 ? Part.Done : Part.Trailer;
        return true;
    }

    private void Drop(int length)
    {
        byte[] rest = Held[length..].ToArray();
        _held.ResetWrittenCount();
        _held.Write(rest);
    }

    private bool Break(string fault)
    {
        Fault = fault;
        _part = Part.Broken;
        return false;
    }
}
