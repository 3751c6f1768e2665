namespace Node.Sensors.Bus.Remote;

/// <summary>
/// Hears the edges of one pin over a connection of its own. A lost connection is taken up again by itself, with growing pauses; what
/// happened in between is counted by the edges' numbers and told as a gap.
/// </summary>
internal sealed class RemotePinWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly RemoteBusOptions _options;
    private readonly int _pin;
    private readonly Action<RemoteEdge> _tell;
    private readonly Action<RemoteEdgeGap> _tellGap;
    private readonly TimeProvider _time;
    private long _session;
    private long _last;

    private RemotePinWatch(RemoteBusOptions options, int pin, Action<RemoteEdge> tell, Action<RemoteEdgeGap> tellGap, TimeProvider time)
    {
        _options = options;
        _pin = pin;
        _tell = tell;
        _tellGap = tellGap;
        _time = time;
    }

    /// <summary>Begins to listen: every edge after this call is told, on a thread of the pool.</summary>
    /// <exception cref="RemoteLinkException">The other end cannot be reached.</exception>
    public static RemotePinWatch Start(RemoteBusOptions options, int pin, Action<RemoteEdge> tell, Action<RemoteEdgeGap> tellGap, TimeProvider time)
    {
        RemotePinWatch watch = new(options, pin, tell, tellGap, time);
        RemoteSocket socket = watch.Subscribe();
        _ = watch.RunAsync(socket); // ends with the watch; every failure inside is a lost link, which it mends
        return watch;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(RemoteSocket first)
    {
        CancellationToken stopped = _stop.Token;
        RemoteSocket? socket = first;
        TimeSpan pause = _options.FirstPause;
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                socket ??= Subscribe();
                Take((await socket.NextNewsAsync(stopped)).Span);
                pause = _options.FirstPause;
            }
            catch (RemoteLinkException)
            {
                socket?.Dispose();
                socket = null;
                await Task.Delay(pause, _time, stopped).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, _options.LongestPause.Ticks));
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        socket?.Dispose();
    }

    private RemoteSocket Subscribe()
    {
        RequestDeadline deadline = new(TimeProvider.System, _options.RequestTimeout);
        RemoteFrame frame = new();
        RemoteSocket socket = RemoteSocket.Connect(_options.Endpoint, frame, deadline);
        try
        {
            socket.Send(frame.Begin(RemoteFrameKind.WatchEdges, 1).Word(_pin).Byte(1).Bytes, deadline);
            RemoteAnswer answer = new(socket.Receive(deadline), _options.Endpoint);
            answer.RequireFor(RemoteFrameKind.WatchEdges, 1);
            if (answer.Errno != 0) { throw RemoteLinkException.Refused(_options.Endpoint, answer.Failure()); }

            Continue(socket.Session, answer.Long());
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Continue(long session, long number)
    {
        bool isRestarted = _session != 0 && _session != session;
        long missed = _session == 0 || isRestarted ? 0 : number - _last;
        _session = session;
        _last = number;
        if (isRestarted || missed > 0) { _tellGap(new RemoteEdgeGap(_pin, missed, isRestarted)); }
    }

    private void Take(ReadOnlySpan<byte> frame)
    {
        RemoteAnswer news = new(frame, _options.Endpoint);
        if (!news.IsNews(RemoteFrameKind.Edge) || news.Word() != _pin) { throw RemoteLinkException.Garbled(_options.Endpoint, "news of something that was not asked"); }

        bool isRising = news.Byte() != 0;
        long number = news.Long();
        _ = news.Long(); // the number among the edges of all pins
        long missed = number - _last - 1;
        _last = number;
        if (missed > 0) { _tellGap(new RemoteEdgeGap(_pin, missed, IsRestarted: false)); }

        _tell(new RemoteEdge(_pin, isRising, number, TimeSpan.FromTicks(news.Long() / TimeSpan.NanosecondsPerTick)));
    }
}
