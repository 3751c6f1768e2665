using System.Buffers;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Node.HubClient.Transport;

/// <summary>
/// A stream over a non-blocking socket for <see cref="System.Net.Security.SslStream"/> to stand on. A read that finds no bytes stays pending
/// until <see cref="Pump"/> finds some and completes it, its continuation inline: decryption runs on the caller's thread. Writes never
/// wait: what the socket does not take is kept and sent by later pumps. No asynchronous operation ever touches the socket, so the
/// runtime's own polling thread never learns of it.
/// </summary>
internal sealed class PolledSocketStream(Socket socket) : Stream, IValueTaskSource<int>
{
    private ManualResetValueTaskSourceCore<int> _pendingRead;
    private Memory<byte> _readInto;
    private bool _readIsPending;
    private bool _isDrained;
    private byte[] _unsent = [];
    private int _unsentStart;
    private int _unsentLength;

    /// <summary>The socket, for who sleeps until it has bytes.</summary>
    public Socket Socket => socket;

    /// <summary>Bytes written and not yet taken by the socket.</summary>
    public int UnsentBytes => _unsentLength;

    /// <summary>Bytes received so far.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>How often the socket was read, for the test that counts system calls.</summary>
    public long ReceiveCalls { get; private set; }

    /// <summary>How often the socket was written, for the test that counts system calls.</summary>
    public long SendCalls { get; private set; }

    /// <inheritdoc />
    public override bool CanRead => true;

    /// <inheritdoc />
    public override bool CanWrite => true;

    /// <inheritdoc />
    public override bool CanSeek => false;

    /// <inheritdoc />
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// Sends what is unsent and completes the pending read if there is something to read. At most one receive when nothing is there; and none
    /// after one that came back short, until the next pump.
    /// </summary>
    /// <exception cref="IOException">The socket failed while sending.</exception>
    public void Pump()
    {
        if (_unsentLength > 0)
        {
            SendUnsent();
        }

        if (!_readIsPending)
        {
            return;
        }

        int received = Receive(_readInto.Span, out SocketError error);
        if (error is SocketError.WouldBlock)
        {
            return;
        }

        _readIsPending = false;
        if (error is SocketError.Success)
        {
            _pendingRead.SetResult(received);
        }
        else
        {
            _pendingRead.SetException(Failure(error));
        }
    }

    /// <inheritdoc />
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return ValueTask.FromResult(0); // SslStream probes with an empty buffer; the real read follows.
        }

        if (!_isDrained)
        {
            int received = Receive(buffer.Span, out SocketError error);
            if (error is SocketError.Success)
            {
                return ValueTask.FromResult(received);
            }

            if (error is not SocketError.WouldBlock)
            {
                return ValueTask.FromException<int>(Failure(error));
            }
        }

        _pendingRead.Reset();
        _readInto = buffer;
        _readIsPending = true;
        return new ValueTask<int>(this, _pendingRead.Version);
    }

    /// <inheritdoc />
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (_unsentLength > 0)
        {
            SendUnsent();
        }

        if (_unsentLength == 0)
        {
            buffer = buffer[Send(buffer)..];
        }

        Keep(buffer);
    }

    /// <inheritdoc />
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc />
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override void Flush()
    {
    }

    /// <inheritdoc />
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc />
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc />
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc />
    public int GetResult(short token) => _pendingRead.GetResult(token);

    /// <inheritdoc />
    public ValueTaskSourceStatus GetStatus(short token) => _pendingRead.GetStatus(token);

    /// <inheritdoc />
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _pendingRead.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
            if (_unsent.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_unsent);
                _unsent = [];
                _unsentLength = 0;
            }

            if (_readIsPending)
            {
                _readIsPending = false;
                _pendingRead.SetResult(0); // The end of the stream: whoever awaits it learns that nothing more comes.
            }
        }

        base.Dispose(disposing);
    }

    private int Receive(Span<byte> into, out SocketError error)
    {
        ReceiveCalls++;
        int received = socket.Receive(into, SocketFlags.None, out error);
        BytesReceived += received;
        _isDrained = error is SocketError.WouldBlock || (error is SocketError.Success && received > 0 && received < into.Length); // All there was: asking again finds nothing.
        return received;
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        SendCalls++;
        int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => sent,
            SocketError.WouldBlock => 0,
            _ => throw Failure(error),
        };
    }

    private void SendUnsent()
    {
        int sent = Send(_unsent.AsSpan(_unsentStart, _unsentLength));
        _unsentStart += sent;
        _unsentLength -= sent;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return;
        }

        if (_unsentLength == 0)
        {
            _unsentStart = 0;
        }

        int needed = _unsentStart + _unsentLength + rest.Length;
        if (needed > _unsent.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_unsentLength + rest.Length);
            _unsent.AsSpan(_unsentStart, _unsentLength).CopyTo(larger);
            if (_unsent.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_unsent);
            }

            _unsent = larger;
            _unsentStart = 0;
        }

        rest.CopyTo(_unsent.AsSpan(_unsentStart + _unsentLength));
        _unsentLength += rest.Length;
    }

    private static IOException Failure(SocketError error)
    {
        var cause = new SocketException((int)error);
        return new IOException(cause.Message, cause);
    }
}
