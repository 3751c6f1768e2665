namespace Node.Host.Spool;

/// <summary>
/// Chooses what to drop, within the present transaction: by room the oldest normal messages and then the oldest alarms, those in
/// somebody's hands last of their kind; by age from the oldest on.
/// </summary>
internal sealed class SpoolTrimmer(SpoolOptions options, SpoolState state)
{
    private const int RowsAtOnce = 64;
    private const int AgedAtOnce = 1024;

    private readonly List<StoredRow> _rows = [];

    /// <summary>Makes room for <paramref name="needed"/> bytes under the capacity, as far as there is something to drop.</summary>
    public SpoolTotals MakeRoom(SpoolStore store, SpoolTotals totals, long needed, List<Removal> removals)
    {
        long excess = totals.Bytes + needed - options.CapacityBytes;
        return excess <= 0 ? totals : Drop(store, totals, excess, removals);
    }

    /// <summary>Keeps the file's pages under the capacity too, where rows of an awkward size or scattered alarms waste part of them.</summary>
    public SpoolTotals FitFile(SpoolStore store, SpoolTotals totals, List<Removal> removals)
    {
        long limit = options.CapacityBytes / SpoolStore.PageBytes;
        while (true)
        {
            long excess = store.PageCount() - limit;
            if (excess <= 0)
            {
                return totals;
            }

            store.Vacuum(excess);
            long before = removals.Count;
            excess = store.PageCount() - limit;
            if (excess > 0)
            {
                totals = Drop(store, totals, excess * SpoolStore.PageBytes, removals);
            }

            if (excess > 0 && removals.Count == before)
            {
                return totals; // Nothing is left to drop: what remains is the empty tables.
            }
        }
    }

    /// <summary>
    /// Drops what is older than the greatest age. A reading whose clock was not known to be right has no age of its own: it goes when a
    /// later one that has is too old. The first young one ends it, so that a step of the clock cannot reach beyond.
    /// </summary>
    public SpoolTotals Expire(SpoolStore store, SpoolTotals totals, DateTimeOffset now, List<Removal> removals)
    {
        long oldest = SpoolTime.ToStored(now - options.MaxAge);
        int from = removals.Count;
        lock (state.Gate)
        {
            _rows.Clear();
            int aged = 0;
            store.VisitOldest(row =>
            {
                if (state.Ledger.IsFree(row.Sequence))
                {
                    _rows.Add(row);
                    aged = row.TimeSynced && row.SampledAt < oldest ? _rows.Count : aged;
                }

                return _rows.Count < AgedAtOnce && !(row.TimeSynced && row.SampledAt >= oldest);
            });
            foreach (StoredRow row in _rows.Take(aged))
            {
                totals = Choose(row.Sequence, row.Priority, row.Size, RemovalCause.Age, totals, removals);
            }
        }

        store.Delete(removals, from);
        return totals;
    }

    private SpoolTotals Drop(SpoolStore store, SpoolTotals totals, long excess, List<Removal> removals)
    {
        long target = totals.Bytes - excess;
        int from = removals.Count;
        for (int priority = 0; priority <= 1 && totals.Bytes > target; priority++)
        {
            totals = DropReleased(store, totals, priority, target, removals);
            totals = DropUnsent(store, totals, priority, target, removals);
            totals = DropTaken(totals, priority, target, removals);
        }

        store.Delete(removals, from);
        return totals;
    }

    private SpoolTotals DropReleased(SpoolStore store, SpoolTotals totals, int priority, long target, List<Removal> removals)
    {
        lock (state.Gate)
        {
            while (totals.Bytes > target && state.Ledger.TryPeekReleased(priority, out long sequence))
            {
                if (store.Find(sequence) is { } row)
                {
                    totals = Choose(sequence, priority, row.Size, RemovalCause.Capacity, totals, removals);
                }
                else
                {
                    state.Ledger.Forget(sequence);
                }
            }
        }

        return totals;
    }

    private SpoolTotals DropUnsent(SpoolStore store, SpoolTotals totals, int priority, long target, List<Removal> removals)
    {
        bool more = true;
        while (totals.Bytes > target && more)
        {
            lock (state.Gate)
            {
                _rows.Clear();
                store.ReadNext(priority, state.Ledger.Cursor(priority), RowsAtOnce, _rows);
                more = _rows.Count == RowsAtOnce;
                foreach (StoredRow row in _rows)
                {
                    if (totals.Bytes > target)
                    {
                        totals = Choose(row.Sequence, priority, row.Size, RemovalCause.Capacity, totals, removals);
                    }
                }
            }
        }

        return totals;
    }

    private SpoolTotals DropTaken(SpoolTotals totals, int priority, long target, List<Removal> removals)
    {
        if (totals.Bytes <= target)
        {
            return totals;
        }

        lock (state.Gate)
        {
            foreach ((long sequence, int size) in state.Ledger.Taken(priority).ToList())
            {
                if (totals.Bytes > target)
                {
                    totals = Choose(sequence, priority, size, RemovalCause.Capacity, totals, removals);
                }
            }
        }

        return totals;
    }

    private SpoolTotals Choose(
        long sequence, int priority, int size, RemovalCause cause, SpoolTotals totals, List<Removal> removals)
    {
        var removal = new Removal(sequence, priority, size, cause);
        state.Ledger.Drop(removal);
        removals.Add(removal);
        return totals.After(removal);
    }
}
