using System.Buffers;
using System.IO.Pipelines;
using Amqp;

namespace HubEmulator.Amqp;

/// <summary>
/// The bytes beneath the AMQP library: hands it one sound frame after the other, and reads no further while what it answers is not taken by the client.
/// </summary>
/// <param name="pipe">The connection, past its SASL exchange.</param>
/// <param name="attached">Told the library's connection before its first frame.</param>
/// <param name="written">Told how many bytes of messages have gone out.</param>
internal sealed class AmqpTransport(IDuplexPipe pipe, Action<Connection> attached, Action<long> written) : IAsyncTransport
{
    /// <summary>Bytes of a frame, both ways.</summary>
    public const int MostFrameBytes = 64 * 1024;

    private const int ProtocolHeaderBytes = 8;

    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PartialMessages _partial = new();
    private byte[] _frame = [];
    private int _given;
    private bool _hasStarted;
    private volatile Task _sending = Task.CompletedTask;

    /// <summary>Completes when the library has no more use of the connection.</summary>
    public Task Closed => _closed.Task;

    public void SetConnection(Connection connection) => attached(connection);

    /// <summary>Writes whole frames, and waits until the client has taken enough of them.</summary>
    public Task SendAsync(IList<ByteBuffer> bufferList, int listSize) => _sending = WriteAsync(bufferList);

    /// <returns>Bytes of the current frame, or 0 when the client has gone.</returns>
    /// <exception cref="AmqpException">What came is no frame, too long, or malformed.</exception>
    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count)
    {
        if (_given == _frame.Length)
        {
            await Task.Yield(); // the library starts a connection on the thread that accepts the next one
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _frame = await ReadFrameAsync();
            _given = 0;
        }

        int length = Math.Min(count, _frame.Length - _given);
        Array.Copy(_frame, _given, buffer, offset, length);
        _given += length;
        return length;
    }

    public void Send(ByteBuffer buffer) => throw new NotSupportedException();

    public int Receive(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public void Close()
    {
        pipe.Input.CancelPendingRead();
        _closed.TrySetResult();
    }

    private async Task WriteAsync(IList<ByteBuffer> frames)
    {
        long payload = 0;
        foreach (ByteBuffer frame in frames)
        {
            ReadOnlySpan<byte> bytes = frame.Buffer.AsSpan(frame.Offset, frame.Length);
            WholeLists.Write(bytes, pipe.Output);
            payload += TransferFrame.TryRead(bytes, out TransferFrame transfer) ? transfer.PayloadBytes : 0;
        }

        FlushResult flushed = await pipe.Output.FlushAsync();
        if (flushed.IsCompleted || flushed.IsCanceled)
        {
            throw new IOException("The client has gone.");
        }

        written(payload);
    }

    private async Task<byte[]> ReadFrameAsync()
    {
        while (true)
        {
            ReadResult read = await pipe.Input.ReadAsync();
            if (read.IsCanceled)
            {
                return [];
            }

            if (TryCut(read.Buffer, out ReadOnlySequence<byte> frame))
            {
                byte[] bytes = frame.ToArray();
                pipe.Input.AdvanceTo(frame.End);
                Demand(bytes);
                return bytes;
            }

            pipe.Input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                return [];
            }
        }
    }

    /// <exception cref="AmqpException">The size field is out of range.</exception>
    private bool TryCut(ReadOnlySequence<byte> arrived, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        long size = ProtocolHeaderBytes;
        if (_hasStarted)
        {
            var reader = new SequenceReader<byte>(arrived);
            if (!reader.TryReadBigEndian(out int told))
            {
                return false;
            }

            size = told is >= TransferFrame.HeaderBytes and <= MostFrameBytes
                ? told
                : throw new AmqpException(ErrorCode.FramingError, $"A frame has {TransferFrame.HeaderBytes} to {MostFrameBytes} bytes.");
        }

        if (arrived.Length < size)
        {
            return false;
        }

        frame = arrived.Slice(0, size);
        return true;
    }

    private void Demand(byte[] frame)
    {
        if (!_hasStarted)
        {
            _hasStarted = true; // the protocol header, which the library checks
            return;
        }

        if (!TransferFrame.TryRead(frame, out TransferFrame transfer))
        {
            throw new AmqpException(ErrorCode.FramingError, "A frame is malformed.");
        }

        if (!_partial.TryAdd(transfer))
        {
            throw new AmqpException(ErrorCode.MessageSizeExceeded, $"Unfinished messages may have {PartialMessages.MostBytes} bytes together.");
        }
    }
}
