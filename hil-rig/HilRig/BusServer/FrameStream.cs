using System.Buffers.Binary;

namespace HilRig.BusServer;

/// <summary>Cuts what a peer sends into frames. Grows only for a length that is allowed, and gives the memory back with the connection.</summary>
internal sealed class FrameStream(Stream stream)
{
    private const int LengthBytes = 4;
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>The next frame without its length: kind, request id, body. Valid until the next call.</summary>
    /// <returns>Null when the peer has closed the connection between two frames.</returns>
    /// <exception cref="WireException">The length is out of bounds.</exception>
    /// <exception cref="EndOfStreamException">The connection ended inside a frame.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(LengthBytes, cancellationToken))
        {
            return null;
        }
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        if (length is < WireFrame.HeadLength or > WireFrame.LongestFrame)
        {
            throw new WireException($"a frame of {length} bytes; allowed are {WireFrame.HeadLength} to {WireFrame.LongestFrame}");
        }
        if (!await FillAsync(LengthBytes + (int)length, cancellationToken))
        {
            throw new EndOfStreamException("the connection ended inside a frame");
        }
        ReadOnlyMemory<byte> frame = _buffer.AsMemory(_start + LengthBytes, (int)length);
        _start += LengthBytes + (int)length;
        return frame;
    }

    private async ValueTask<bool> FillAsync(int wanted, CancellationToken cancellationToken)
    {
        MakeRoom(wanted);
        while (_end - _start < wanted)
        {
            int got = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (got == 0)
            {
                return _end == _start ? false : throw new EndOfStreamException("the connection ended inside a frame");
            }
            _end += got;
        }
        return true;
    }

    private void MakeRoom(int wanted)
    {
        if (_buffer.Length - _start >= wanted)
        {
            return;
        }
        byte[] target = _buffer.Length >= wanted ? _buffer : new byte[Math.Max(wanted, 4096)];
        Buffer.BlockCopy(_buffer, _start, target, 0, _end - _start);
        _end -= _start;
        _start = 0;
        _buffer = target;
    }
}
