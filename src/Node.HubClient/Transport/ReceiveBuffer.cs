namespace Node.HubClient.Transport;

/// <summary>What has come from the peer, and the packets that are cut off it. What is cut stays valid until the next <see cref="TryFill"/>.</summary>
internal sealed class ReceiveBuffer
{
    private const int FirstBytes = 16 * 1024;

    private readonly PendingRead _read = new();
    private byte[] _bytes = new byte[FirstBytes];
    private int _start;
    private int _end;

    /// <summary>Whether nothing waits to be cut off.</summary>
    public bool IsEmpty => _start == _end;

    /// <summary>Starts a read, or takes the finished one. False while there is none.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="length">Bytes that came; 0 at the end of the stream.</param>
    /// <exception cref="IOException">The stream failed.</exception>
    public bool TryFill(Stream stream, out int length)
    {
        if (!_read.IsPending)
        {
            MakeRoom();
        }

        if (!_read.TryTake(stream, _bytes.AsMemory(_end), out length))
        {
            return false;
        }

        _end += length;
        return true;
    }

    /// <summary>Cuts the next packet off. False when bytes are missing; then <paramref name="malformed"/> says whether more could ever help.</summary>
    /// <param name="frame">Its header.</param>
    /// <param name="body">Its body.</param>
    /// <param name="malformed">Whether the bytes are no packet.</param>
    public bool TryCut(out MqttFrame frame, out ArraySegment<byte> body, out bool malformed)
    {
        if (!MqttFrame.TryRead(_bytes.AsSpan(_start, _end - _start), out frame, out malformed))
        {
            body = default;
            return false;
        }

        body = new ArraySegment<byte>(_bytes, _start + frame.BodyStart, frame.TotalLength - frame.BodyStart);
        _start += frame.TotalLength;
        return true;
    }

    /// <summary>The stream is closed: forgets what came from it.</summary>
    public void Clear()
    {
        _read.Observe();
        _start = 0;
        _end = 0;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = 0;
            _end = 0;
        }
        else if (_start > 0)
        {
            _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
            _end -= _start;
            _start = 0;
        }

        if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }
}
