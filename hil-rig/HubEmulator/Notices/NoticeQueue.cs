namespace HubEmulator.Notices;

/// <summary>
/// Notices in the order of their arrival. A receiver locks one for a minute; completed it is gone, abandoned or forgotten it comes again. It goes
/// after an hour or ten deliveries. In memory; safe for any number of threads.
/// </summary>
internal sealed class NoticeQueue(TimeProvider clock)
{
    /// <summary>Notices kept; the oldest go first.</summary>
    public const int Capacity = 10_000;

    public const int MostDeliveries = 10;
    public static readonly TimeSpan LockTime = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly Lock _guard = new();
    private readonly LinkedList<Entry> _entries = new();
    private readonly Dictionary<Guid, LinkedListNode<Entry>> _locked = [];

    /// <summary>Raised when there may be something to lock, on the thread that brought it.</summary>
    public event Action? Available;

    public void Append(Notice notice)
    {
        lock (_guard)
        {
            _entries.AddLast(new Entry(notice));
            if (_entries.Count > Capacity)
            {
                Remove(_entries.First!);
            }
        }

        Available?.Invoke();
    }

    /// <returns>The oldest notice that nobody has, or null.</returns>
    public NoticeLock? TryLock()
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_guard)
        {
            for (LinkedListNode<Entry>? node = _entries.First; node is not null; node = node.Next)
            {
                Entry entry = node.Value;
                if (entry.Token is null && entry.Notice.EnqueuedTime + Lifetime > now)
                {
                    var taken = new NoticeLock(Guid.NewGuid(), entry.Notice, entry.Deliveries++);
                    entry.Token = taken.Token;
                    entry.LockedUntil = now + LockTime;
                    _locked[taken.Token] = node;
                    return taken;
                }
            }

            return null;
        }
    }

    /// <summary>Ends a notice, well or not.</summary>
    /// <returns>False when the lock has run out.</returns>
    public bool Complete(Guid token)
    {
        lock (_guard)
        {
            bool isHeld = _locked.TryGetValue(token, out LinkedListNode<Entry>? node);
            if (isHeld)
            {
                Remove(node!);
            }

            return isHeld;
        }
    }

    /// <summary>Gives a notice back.</summary>
    /// <returns>False when the lock has run out.</returns>
    public bool Abandon(Guid token)
    {
        lock (_guard)
        {
            if (!_locked.TryGetValue(token, out LinkedListNode<Entry>? node))
            {
                return false;
            }

            Unlock(node);
        }

        Available?.Invoke();
        return true;
    }

    /// <summary>Frees what was locked for too long and drops what is too old; called once a second.</summary>
    public void Sweep()
    {
        DateTimeOffset now = clock.GetUtcNow();
        bool isFreed;
        lock (_guard)
        {
            LinkedListNode<Entry>[] forgotten = [.. _locked.Values.Where(node => node.Value.LockedUntil <= now)];
            Array.ForEach(forgotten, Unlock);
            while (_entries.First is { Value: { Token: null } oldest } && oldest.Notice.EnqueuedTime + Lifetime <= now)
            {
                _entries.RemoveFirst();
            }

            isFreed = forgotten.Length > 0;
        }

        if (isFreed)
        {
            Available?.Invoke();
        }
    }

    private void Unlock(LinkedListNode<Entry> node)
    {
        if (node.Value.Deliveries >= MostDeliveries)
        {
            Remove(node);
            return;
        }

        _locked.Remove(node.Value.Token!.Value);
        node.Value.Token = null;
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        if (node.Value.Token is { } token)
        {
            _locked.Remove(token);
        }

        _entries.Remove(node);
    }

    private sealed class Entry(Notice notice)
    {
        public Notice Notice { get; } = notice;

        public int Deliveries { get; set; }

        public Guid? Token { get; set; }

        public DateTimeOffset LockedUntil { get; set; }
    }
}
