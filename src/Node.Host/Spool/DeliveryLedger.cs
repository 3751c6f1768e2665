namespace Node.Host.Spool;

/// <summary>
/// Who holds which message. Only messages in somebody's hands take memory; the others are known by two cursors, one for each priority:
/// a stored row above its cursor was never handed out. Not thread-safe: whoever calls holds the spool's gate.
/// </summary>
internal sealed class DeliveryLedger
{
    /// <summary>Messages that may be in hands at once; further ones wait in the file.</summary>
    public const int MaxHeld = 65_536;

    private readonly Dictionary<long, Holding> _held = [];
    private readonly SortedSet<long>[] _released = [[], []];
    private readonly long[] _cursors = new long[2];
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

    /// <summary>The highest sequence of this priority that was ever handed out or dropped.</summary>
    public long Cursor(int priority) => _cursors[priority];

    /// <summary>Whether the message is in the table and nobody's concern: never handed out, or given back.</summary>
    public bool IsFree(long sequence) => !_held.TryGetValue(sequence, out Holding holding) || holding.State == HoldingState.Released;

    /// <summary>Whether the message was confirmed, although its row may still be there.</summary>
    public bool IsConfirmed(long sequence) =>
        _held.TryGetValue(sequence, out Holding holding) && holding.State is HoldingState.Confirmed or HoldingState.Deleting;

    /// <summary>The oldest message of this priority that was given back; <see langword="false"/> when there is none.</summary>
    public bool TryPeekReleased(int priority, out long sequence)
    {
        sequence = _released[priority].Min;
        return _released[priority].Count > 0;
    }

    /// <summary>Hands out a message that was given back or lies above its cursor.</summary>
    public void Take(long sequence, int priority, int size)
    {
        _released[priority].Remove(sequence);
        _cursors[priority] = Math.Max(_cursors[priority], sequence);
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
    public bool Confirm(long sequence)
    {
        if (!_held.TryGetValue(sequence, out Holding holding) || holding.State is not (HoldingState.Taken or HoldingState.Released))
        {
            return false;
        }

        TakenCount -= holding.State == HoldingState.Taken ? 1 : 0;
        _released[holding.Priority].Remove(sequence);
        _held[sequence] = holding with { State = HoldingState.Confirmed };
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
            removals.Add(new Removal(sequence, holding.Priority, holding.Size, RemovalCause.Confirmed));
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
        _cursors[removal.Priority] = Math.Max(_cursors[removal.Priority], removal.Sequence);
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
            _deleting -= removal.Cause == RemovalCause.Confirmed ? 1 : 0;
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
            if (removal.Cause == RemovalCause.Confirmed)
            {
                _deleting--;
                _held[removal.Sequence] = new Holding(HoldingState.Confirmed, removal.Priority, removal.Size);
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

        _cursors[0] = Math.Min(_cursors[0], lastDurable);
        _cursors[1] = Math.Min(_cursors[1], lastDurable);
    }

    private readonly record struct Holding(HoldingState State, int Priority, int Size);
}
