using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>
/// Reads of the whole twin that the caller asked for, in order, apart from the snapshots that desired properties need. What a lost connection
/// left unanswered is asked again on the next one: a read changes nothing.
/// </summary>
internal sealed class TwinReads(HubDialect dialect, TimeProvider clock)
{
    private const int Unanswered = 408;
    private const int NeverSent = 0;
    private const int Maximum = 100;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly LinkedList<Read> _reads = new();
    private int _count;
    private int _unsent;
    private bool _closed;

    /// <summary>Whether any read is under way or waits.</summary>
    public bool IsBusy => Volatile.Read(ref _count) > 0;

    /// <summary>Whether a read waits to be asked.</summary>
    public bool HasUnsent => Volatile.Read(ref _unsent) > 0;

    /// <summary>Accepts a read. Any thread.</summary>
    public IotHubClientResult Enqueue(TwinReadCallback callback, object? context)
    {
        lock (_gate)
        {
            if (_closed || _reads.Count >= Maximum)
            {
                return _closed ? IotHubClientResult.Error : IotHubClientResult.QueueFull;
            }

            _reads.AddLast(new Read(callback, context));
            Volatile.Write(ref _count, _reads.Count);
            Volatile.Write(ref _unsent, _unsent + 1);
            return IotHubClientResult.Ok;
        }
    }

    /// <summary>A new connection: what is unanswered is asked again.</summary>
    public void BeginConnection()
    {
        lock (_gate)
        {
            foreach (Read read in _reads)
            {
                read.RequestId = -1;
            }

            Volatile.Write(ref _unsent, _reads.Count);
        }
    }

    /// <summary>Publishes what waits, as far as the transport takes it.</summary>
    public void Publish(IMqttTransport transport, ref int nextRequestId, long now)
    {
        if (!HasUnsent)
        {
            return;
        }

        lock (_gate)
        {
            foreach (Read read in _reads)
            {
                if (read.RequestId < 0 && TrySend(read, transport, nextRequestId, now))
                {
                    nextRequestId++;
                }
            }
        }
    }

    /// <summary>Completes the read with this request id; false when it is none of ours.</summary>
    public bool TryComplete(int requestId, int status, ReadOnlySpan<byte> body, Callbacks callbacks)
    {
        Read? found = null;
        lock (_gate)
        {
            foreach (Read read in _reads)
            {
                found = read.RequestId == requestId ? read : found;
            }

            if (found is not null)
            {
                Remove(found);
            }
        }

        if (found is not null)
        {
            callbacks.TwinRead(found.Callback, status, status is >= 200 and < 300 ? body : [], found.Context);
        }

        return found is not null;
    }

    /// <summary>Gives up on reads unanswered for 60 s on this connection.</summary>
    public void Expire(long now, Callbacks callbacks)
    {
        while (First() is { RequestId: >= 0 } first && clock.GetElapsedTime(first.SentAt, now) >= AnswerTimeout)
        {
            TryComplete(first.RequestId, Unanswered, [], callbacks);
        }
    }

    /// <summary>Time until <see cref="Expire"/> has something to do; null when nothing is in flight.</summary>
    public TimeSpan? NextDue(long now) => First() is { RequestId: >= 0 } first ? AnswerTimeout - clock.GetElapsedTime(first.SentAt, now) : null;

    /// <summary>Ends every read: with 408 what was asked, with 0 what was not.</summary>
    public void Abandon(Callbacks callbacks)
    {
        lock (_gate)
        {
            _closed = true;
        }

        while (First() is { } first)
        {
            lock (_gate)
            {
                Remove(first);
            }

            callbacks.TwinRead(first.Callback, first.RequestId >= 0 ? Unanswered : NeverSent, [], first.Context);
        }
    }

    private bool TrySend(Read read, IMqttTransport transport, int requestId, long now)
    {
        byte[] packet = dialect.ReadTwin(requestId);
        if (transport.FreeBytes < packet.Length)
        {
            return false;
        }

        transport.Publish(packet);
        read.RequestId = requestId;
        read.SentAt = now;
        Volatile.Write(ref _unsent, _unsent - 1);
        return true;
    }

    private Read? First()
    {
        if (!IsBusy)
        {
            return null;
        }

        lock (_gate)
        {
            return _reads.First?.Value;
        }
    }

    private void Remove(Read read)
    {
        _reads.Remove(read);
        Volatile.Write(ref _count, _reads.Count);
        Volatile.Write(ref _unsent, _unsent - (read.RequestId < 0 ? 1 : 0));
    }

    private sealed class Read(TwinReadCallback callback, object? context)
    {
        public TwinReadCallback Callback { get; } = callback;

        public object? Context { get; } = context;

        public int RequestId { get; set; } = -1;

        public long SentAt { get; set; }
    }
}
