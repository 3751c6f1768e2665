namespace Node.Host.Spool;

/// <summary>
/// Who holds which message. Only messages in somebody's hands take memory; the others are known by three cursors, one for each lane: a
/// stored row above its lane's cursor that is not held was never handed out. Not thread-safe: whoever calls holds the spool's gate.
/// </summary>
internal sealed class DeliveryLedger
{
    /// <summary>Messages that may be in hands at once; further ones wait in the file.</summary>
    public const int MaxHeld = 65_536;

    private readonly Dictionary<long, Holding> _held = [];
    private readonly SortedSet<long>[] _released = [[], []];
    private readonly long[] _cursors = new long[3];
    private readonly List<long> _confirmed = [];
    private int _deleting;

    private enum HoldingState
    {
        Taken,
        Released,
        Confirmed,
        Deleting,
        Dropping,
    }

    /// <summary>Messages handed out and neither confirmed nor released.</summary>
    public int TakenCount { get; private set; }

    /// <summary>Confirmed messages that wait for the next transaction.</summary>
    public int ConfirmedCount => _confirmed.Count;

    /// <summary>Confirmed messages whose deletion is not durable yet.</summary>
    public int UndeletedCount => _confirmed.Count + _deleting;

    /// <summary>Whether nothing more may be handed out now.</summary>
    public bool IsFull => _held.Count >= MaxHeld;

    /// <summary>Normal messages above it are live, those up to it the backlog. 0 at first: all are live.</summary>
    public long Boundary { get; private set; }

    /// <summary>The highest sequence of this lane that was ever handed out, passed over or dropped.</summary>
    public long Cursor(DeliveryLane lane) => _cursors[(int)lane];

    /// <summary>Whether the message takes memory here: handed out, given back, confirmed or on its way out of the table.</summary>
    public bool IsHeld(long sequence) => _held.ContainsKey(sequence);

    /// <summary>From now on, normal messages above <paramref name="boundary"/> are live and those up to it the backlog.</summary>
    public void Split(long boundary)
    {
        Boundary = boundary;
        _cursors[(int)DeliveryLane.Live] = boundary;
    }

    /// <summary>All normal messages that nobody holds become one lane again, the live one.</summary>
    public void Join()
    {
        long first = Math.Min(_cursors[(int)DeliveryLane.Backlog], _cursors[(int)DeliveryLane.Live]);
        Split(_released[0].Count > 0 ? Math.Min(first, _released[0].Min - 1) : first);
        _cursors[(int)DeliveryLane.Backlog] = Boundary;
    }

    /// <summary>Everything in this lane up to the sequence is held by somebody, or gone.</summary>
    public void Pass(DeliveryLane lane, long sequence) => _cursors[(int)lane] = Math.Max(_cursors[(int)lane], sequence);

    /// <summary>Whether the message is in the table and nobody's concern: never handed out, or given back.</summary>
    public bool IsFree(long sequence) => !_held.TryGetValue(sequence, out Holding holding) || holding.State == HoldingState.Released;

    /// <summary>Whether the message was confirmed, although its row may still be there.</summary>
    public bool IsConfirmed(long sequence) =>
        _held.TryGetValue(sequence, out Holding holding) && holding.State is HoldingState.Confirmed or HoldingState.Deleting;

    /// <summary>The oldest message of this lane that was given back; <see langword="false"/> when there is none.</summary>
    public bool TryPeekReleased(DeliveryLane lane, out long sequence)
    {
        SortedSet<long> released = _released[lane == DeliveryLane.Alarm ? 1 : 0];
        if (released.Count == 0)
        {
            sequence = 0;
            return false;
        }

        if (lane == DeliveryLane.Live)
        {
            released = released.GetViewBetween(Boundary + 1, long.MaxValue);
        }

        sequence = released.Min; // 0 when there is none: sequences begin at 1.
        return sequence > 0 && (lane != DeliveryLane.Backlog || sequence <= Boundary);
    }

    /// <summary>Hands out a message that was given back, or one that nobody held, whose lane's cursor the caller moves.</summary>
    public void Take(long sequence, int priority, int size)
    {
        _released[priority].Remove(sequence);
        _held[sequence] = new Holding(HoldingState.Taken, priority, size);
        TakenCount++;
    }

    /// <summary>Forgets a message whose row is gone.</summary>
    public void Forget(long sequence)
    {
        if (!_held.Remove(sequence, out Holding holding))
        {
            return;
        }

        _released[holding.Priority].Remove(sequence);
        if (holding.State == HoldingState.Taken)
        {
            TakenCount--;
        }
        else if (holding.State == HoldingState.Confirmed)
        {
            _confirmed.Remove(sequence);
        }
    }

    /// <summary>Marks a message for deletion. A late confirmation of one that was given back counts; <see langword="false"/> when nobody held it.</summary>
    public bool Confirm(long sequence, RemovalCause cause)
    {
        if (!_held.TryGetValue(sequence, out Holding holding) || holding.State is not (HoldingState.Taken or HoldingState.Released))
        {
            return false;
        }

        TakenCount -= holding.State == HoldingState.Taken ? 1 : 0;
        _released[holding.Priority].Remove(sequence);
        _held[sequence] = holding with { State = HoldingState.Confirmed, Cause = cause };
        _confirmed.Add(sequence);
        return true;
    }

    /// <summary>Takes a message back, to be handed out again in its place; <see langword="false"/> when nobody held it.</summary>
    public bool Release(long sequence)
    {
        if (!_held.TryGetValue(sequence, out Holding holding) || holding.State != HoldingState.Taken)
        {
            return false;
        }

        TakenCount--;
        _held[sequence] = holding with { State = HoldingState.Released };
        _released[holding.Priority].Add(sequence);
        return true;
    }

    /// <summary>Moves what is confirmed into the transaction's removals.</summary>
    public void CollectConfirmed(List<Removal> removals)
    {
        _confirmed.Sort();
        foreach (long sequence in _confirmed)
        {
            Holding holding = _held[sequence];
            _held[sequence] = holding with { State = HoldingState.Deleting };
            removals.Add(new Removal(sequence, holding.Priority, holding.Size, holding.Cause));
        }

        _deleting += _confirmed.Count;
        _confirmed.Clear();
    }

    /// <summary>Keeps a message that the transaction drops out of everybody's hands.</summary>
    public void Drop(Removal removal)
    {
        if (_held.TryGetValue(removal.Sequence, out Holding holding) && holding.State == HoldingState.Taken)
        {
            TakenCount--;
        }

        _released[removal.Priority].Remove(removal.Sequence);
        _held[removal.Sequence] = new Holding(HoldingState.Dropping, removal.Priority, removal.Size);
    }

    /// <summary>The messages of this priority that are in somebody's hands, oldest first, with their sizes.</summary>
    public IEnumerable<(long Sequence, int Size)> Taken(int priority) => _held
        .Where(held => held.Value.State == HoldingState.Taken && held.Value.Priority == priority)
        .OrderBy(held => held.Key)
        .Select(held => (held.Key, held.Value.Size));

    /// <summary>Every message that takes memory here.</summary>
    public IReadOnlyCollection<long> Known() => [.. _held.Keys];

    /// <summary>The transaction is durable: what it removed is forgotten.</summary>
    public void Settle(List<Removal> removals)
    {
        foreach (Removal removal in removals)
        {
            _held.Remove(removal.Sequence);
            _deleting -= IsAskedFor(removal.Cause) ? 1 : 0;
        }
    }

    /// <summary>
    /// The transaction was undone: what it would have deleted is confirmed still, what it would have dropped can be handed out again,
    /// and sequences above <paramref name="lastDurable"/> do not exist.
    /// </summary>
    public void Restore(List<Removal> removals, long lastDurable)
    {
        foreach (Removal removal in removals)
        {
            if (IsAskedFor(removal.Cause))
            {
                _deleting--;
                _held[removal.Sequence] = new Holding(HoldingState.Confirmed, removal.Priority, removal.Size, removal.Cause);
                _confirmed.Add(removal.Sequence);
            }
            else if (removal.Sequence > lastDurable)
            {
                _held.Remove(removal.Sequence);
            }
            else
            {
                _held[removal.Sequence] = new Holding(HoldingState.Released, removal.Priority, removal.Size);
                _released[removal.Priority].Add(removal.Sequence);
            }
        }

        for (int lane = 0; lane < _cursors.Length; lane++)
        {
            _cursors[lane] = Math.Min(_cursors[lane], lastDurable);
        }
    }

    private static bool IsAskedFor(RemovalCause cause) => cause is RemovalCause.Confirmed or RemovalCause.Purge;

    private readonly record struct Holding(HoldingState State, int Priority, int Size, RemovalCause Cause = RemovalCause.Confirmed);
}
