namespace Node.HubClient.Features;

/// <summary>
/// Telemetry that is accepted and not yet published: filled by any thread within its limits, emptied by the turn. Every step costs the same with one message or ten thousand: time-outs
/// look at the oldest message alone, as long as all have the same.
/// </summary>
internal sealed class WaitingQueue(int maximumMessages, long maximumBytes, TimeProvider clock)
{
    private const long Never = long.MaxValue;
    private const int KeptCapacity = 1_024;

    private readonly Lock _gate = new();
    private readonly Queue<PendingMessage> _waiting = new();
    private long _outstandingMessages;
    private long _outstandingBytes;
    private bool _closed;
    private int _waitingCount;
    private long _earliestDeadline = Never;
    private long _latestDeadline;
    private bool _isInOrder = true; // whether the waiting ones end in the order in which they wait

    /// <summary>How long a message accepted from now on may wait before it is published; zero for ever.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>Accepted and not yet confirmed, here or in flight.</summary>
    public bool IsBusy => Interlocked.Read(ref _outstandingMessages) > 0;

    /// <summary>Accepted and never yet published.</summary>
    public bool HasWaiting => Volatile.Read(ref _waitingCount) > 0;

    /// <summary>Accepts an encoded message, or says why not. Any thread.</summary>
    public IotHubClientResult Enqueue(byte[] packet, int packetIdOffset, SendConfirmationCallback? callback, object? context)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return IotHubClientResult.Error;
            }

            if (Interlocked.Read(ref _outstandingMessages) >= maximumMessages || Interlocked.Read(ref _outstandingBytes) + packet.Length > maximumBytes)
            {
                return IotHubClientResult.QueueFull;
            }

            Interlocked.Increment(ref _outstandingMessages);
            Interlocked.Add(ref _outstandingBytes, packet.Length);
            long deadline = Timeout == TimeSpan.Zero ? Never : Instants.After(Timeout, clock);
            _earliestDeadline = Math.Min(_earliestDeadline, deadline);
            _isInOrder = _waiting.Count == 0 || (_isInOrder && deadline >= _latestDeadline);
            _latestDeadline = deadline;
            _waiting.Enqueue(new PendingMessage(packet, packetIdOffset, callback, context, deadline));
            Volatile.Write(ref _waitingCount, _waiting.Count);
            return IotHubClientResult.Ok;
        }
    }

    /// <summary>Takes the oldest message, if there is one and it is not larger than this.</summary>
    public bool TryTake(int freeBytes, out PendingMessage message)
    {
        lock (_gate)
        {
            if (!_waiting.TryPeek(out message) || message.Packet.Length > freeBytes)
            {
                return false;
            }

            _waiting.Dequeue();
            Volatile.Write(ref _waitingCount, _waiting.Count);
            if (_waiting.Count == 0 && _waiting.Capacity > KeptCapacity)
            {
                _waiting.TrimExcess(KeptCapacity); // What an outage piled up is given back.
            }

            return true;
        }
    }

    /// <summary>Confirms a message that was accepted here, whether it still waited or not: its place is free.</summary>
    public void Confirm(in PendingMessage message, SendConfirmation result, Callbacks callbacks)
    {
        Interlocked.Decrement(ref _outstandingMessages);
        Interlocked.Add(ref _outstandingBytes, -message.Packet.Length);
        callbacks.Confirm(message.Callback, result, message.Context);
    }

    /// <summary>Ends what has waited past its time-out, connected or not; looks at the queue only when a time-out is over.</summary>
    public void Expire(long now, Callbacks callbacks)
    {
        if (Volatile.Read(ref _earliestDeadline) >= now)
        {
            return; // Strictly past: a time-out that is just reached has not fired yet.
        }

        List<PendingMessage> over = [];
        lock (_gate)
        {
            if (_isInOrder)
            {
                TakeOverdueHead(over, now);
            }
            else
            {
                TakeOverdue(over, now);
            }

            Volatile.Write(ref _waitingCount, _waiting.Count);
        }

        foreach (PendingMessage message in over) // No lambda: its closure would be made in every turn.
        {
            Confirm(message, SendConfirmation.MessageTimeout, callbacks);
        }
    }

    /// <summary>Accepts nothing more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }
    }

    /// <summary>Ends everything that waits, oldest first.</summary>
    public void Abandon(Callbacks callbacks)
    {
        while (TryTake(int.MaxValue, out PendingMessage message))
        {
            Confirm(message, SendConfirmation.BecauseDestroy, callbacks);
        }
    }

    /// <summary>Under one time-out for all, the oldest end first: the rest is not looked at.</summary>
    private void TakeOverdueHead(List<PendingMessage> over, long now)
    {
        while (_waiting.TryPeek(out PendingMessage oldest) && oldest.Deadline < now)
        {
            over.Add(_waiting.Dequeue());
        }

        _earliestDeadline = _waiting.TryPeek(out PendingMessage next) ? next.Deadline : Never;
    }

    /// <summary>Once the time-out was made shorter, the queue is looked through until it has been empty.</summary>
    private void TakeOverdue(List<PendingMessage> over, long now)
    {
        _earliestDeadline = Never;
        for (int left = _waiting.Count; left > 0; left--)
        {
            PendingMessage message = _waiting.Dequeue();
            if (message.Deadline < now)
            {
                over.Add(message);
            }
            else
            {
                _waiting.Enqueue(message);
                _earliestDeadline = Math.Min(_earliestDeadline, message.Deadline);
            }
        }
    }
}
