using System.Buffers.Binary;
using System.Net.Sockets;
using System.Threading.Channels;

namespace HilRig.BusServer;

/// <summary>One peer: answers its requests one after the other, and tells it in between what it asked to be told.</summary>
internal sealed class BusConnection : IEdgeListener, IDisposable
{
    private const int MostWaitingEdges = 8192;
    private const int Version = 1;
    private static readonly TimeSpan HelloPatience = TimeSpan.FromSeconds(10);
    private readonly Channel<ReadOnlyMemory<byte>> _news = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(MostWaitingEdges) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly BusBoard _board;
    private readonly LineHolder _lines;
    private readonly PwmPeer _pwm;
    private readonly NetworkStream _stream;
    private readonly TimeProvider _time;

    public BusConnection(Socket socket, BusBoard board, TimeProvider time)
    {
        _stream = new NetworkStream(socket, ownsSocket: true);
        _board = board;
        _time = time;
        _lines = new LineHolder(board.Lines, HasLeft);
        _pwm = new PwmPeer(HasLeft);
    }

    public bool[] Wants { get; } = new bool[LineDesk.LineCount];

    public bool WantsChanges { get; private set; }

    public void Tell(ReadOnlyMemory<byte> frame) => _news.Writer.TryWrite(frame);

    /// <summary>Ends the connection under the peer's feet; <see cref="RunAsync"/> then returns.</summary>
    public void Cut() => _stream.Dispose();

    /// <summary>Serves until the peer leaves, breaks the protocol or the token is cancelled.</summary>
    /// <returns>Why the peer was cut off; null when it left by itself.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _board.Lines.Add(this);
        Task telling = TellAsync(over.Token);
        try
        {
            var frames = new FrameStream(_stream);
            if (!await GreetAsync(frames, over.Token))
            {
                return "it did not introduce itself as a peer of this version";
            }
            while (await frames.NextAsync(over.Token) is { } frame)
            {
                await SendAsync(Answer(frame.Span), over.Token);
            }
            return null;
        }
        catch (WireException fault)
        {
            return fault.Message;
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return null; // the peer is gone, or the server stops
        }
        finally
        {
            _board.Lines.Remove(this);
            await over.CancelAsync();
            await telling;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _lines.Dispose();
        _board.Pwm.Leave(_pwm);
        _writing.Dispose();
    }

    private bool HasLeft()
    {
        try
        {
            return _stream.Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && _stream.Socket.Available == 0;
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private static uint IdOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt32LittleEndian(frame[1..]);

    // A peer of another version hears in one answer why it is refused; whatever is no peer at all hears nothing.
    private async Task<bool> GreetAsync(FrameStream frames, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HelloPatience, _time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        ReadOnlyMemory<byte>? frame = await frames.NextAsync(limited.Token);
        if (frame is not { } hello || hello.Span[0] != WireKind.Hello || !TryReadHello(hello.Span, out int version))
        {
            return false;
        }
        var answer = new WireFrame(WireKind.Hello | WireKind.Answer, IdOf(hello.Span));
        bool isOurs = version == Version;
        if (isOurs)
        {
            _board.Describe(answer.UInt32(0).UInt16(Version));
        }
        else
        {
            answer.Failure(WireErrno.ProtocolNotSupported, $"this server speaks version {Version} of the remote bus and the peer version {version}; take both from the same release");
        }
        await SendAsync(answer, cancellationToken);
        return isOurs;
    }

    private static bool TryReadHello(ReadOnlySpan<byte> frame, out int version)
    {
        var body = new WireReader(frame[WireFrame.HeadLength..]);
        bool isHello = body.Bytes(4).SequenceEqual("SNRB"u8);
        version = body.UInt16();
        return isHello;
    }

    private WireFrame Answer(ReadOnlySpan<byte> frame)
    {
        byte kind = frame[0];
        var request = new WireReader(frame[WireFrame.HeadLength..]);
        var answer = new WireFrame((byte)(kind | WireKind.Answer), IdOf(frame));
        switch (kind)
        {
            case WireKind.I2cTransfer: _board.Buses.I2c(ref request, answer); break;
            case WireKind.SpiExchange: _board.Buses.Spi(ref request, answer); break;
            case WireKind.LineRequest: _lines.Request(ref request, answer); break;
            case WireKind.LineRelease: _lines.Release(ref request, answer); break;
            case WireKind.LineRead: _lines.Read(ref request, answer); break;
            case WireKind.LineWrite: _lines.Write(ref request, answer); break;
            case WireKind.LineState: StateOfLine(ref request, answer); break;
            case WireKind.WatchEdges: WatchEdges(ref request, answer); break;
            case WireKind.WatchLines: WatchLines(ref request, answer); break;
            case WireKind.Time: Time(ref request, answer); break;
            case WireKind.PwmOpen: _board.Pwm.Open(_pwm, ref request, answer); break;
            case WireKind.PwmSet: _board.Pwm.Set(_pwm, ref request, answer); break;
            case WireKind.PwmClose: _board.Pwm.Close(_pwm, ref request, answer); break;
            default: throw new WireException($"a frame of kind 0x{kind:X2}, which version {Version} does not know");
        }
        return answer;
    }

    private void StateOfLine(ref WireReader request, WireFrame answer)
    {
        int line = LineHolder.Line(ref request);
        request.End();
        _board.Lines.WriteState(answer.UInt32(0), line);
    }

    private void Time(ref WireReader request, WireFrame answer)
    {
        request.End();
        answer.UInt32(0).UInt64(_board.Lines.Nanoseconds);
    }

    private void WatchEdges(ref WireReader request, WireFrame answer)
    {
        int line = LineHolder.Line(ref request);
        bool on = request.Byte() != 0;
        request.End();
        answer.UInt32(0).UInt64(_board.Lines.Watch(this, line, on));
    }

    private void WatchLines(ref WireReader request, WireFrame answer)
    {
        WantsChanges = request.Byte() != 0;
        request.End();
        answer.UInt32(0);
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> frame in _news.Reader.ReadAllAsync(cancellationToken))
            {
                await WriteAsync(frame, cancellationToken);
            }
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            await _stream.DisposeAsync(); // the reading side then ends too
        }
    }

    private Task SendAsync(WireFrame frame, CancellationToken cancellationToken) => WriteAsync(frame.Finish(), cancellationToken);

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await _stream.WriteAsync(bytes, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }
}
