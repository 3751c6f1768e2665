namespace Node.Host.Spool;

/// <summary>
/// Chooses what to drop when room is needed: normal messages as the policy says, then the oldest alarms, those in somebody's hands last of
/// their kind. Works within the present transaction; owned by the writer's thread.
/// </summary>
internal sealed class SpoolDropper(SpoolState state)
{
    private const int RowsAtOnce = 64;

    private readonly List<StoredRow> _rows = [];
    private readonly HashSet<string> _skipped = new(StringComparer.Ordinal); // Sensors whose last message, from the oldest on, was left.
    private long _thinnedTo;

    /// <summary>Deletes messages of at least <paramref name="excess"/> bytes, as far as there are any.</summary>
    public SpoolTotals Drop(SpoolStore store, DropPolicy policy, SpoolTotals totals, long excess, List<Removal> removals)
    {
        var drop = new Dropping(totals, totals.Bytes - excess, removals, removals.Count);
        if (policy == DropPolicy.Downsample)
        {
            Thin(store, drop);
        }

        for (int priority = 0; priority <= 1; priority++)
        {
            DropFree(store, drop, priority, newestFirst: policy == DropPolicy.DropNew && priority == 0);
            DropTaken(drop, priority);
        }

        store.Delete(removals, drop.From);
        return drop.Totals;
    }

    /// <summary>
    /// Every second message of each sensor, going on where the last call ended and beginning anew at the end. Twice from the beginning
    /// without finding enough means that nearly all are in somebody's hands, and the oldest go instead.
    /// </summary>
    private void Thin(SpoolStore store, Dropping drop)
    {
        for (int begun = 0; !drop.IsEnough && begun < 2;)
        {
            lock (state.Gate)
            {
                int read = 0;
                store.VisitComponents(_thinnedTo, RowsAtOnce, (row, component) =>
                {
                    read++;
                    _thinnedTo = row.Sequence;
                    if (state.Ledger.IsFree(row.Sequence) && !_skipped.Add(component))
                    {
                        _skipped.Remove(component);
                        Choose(drop, row.Sequence, row.Priority, row.Size, RemovalCause.Thinning);
                    }

                    return !drop.IsEnough;
                });
                if (!drop.IsEnough && read < RowsAtOnce)
                {
                    (_thinnedTo, begun) = (0, begun + 1);
                    _skipped.Clear(); // The first of each sensor stays, pass after pass.
                    store.Delete(drop.Removals, drop.From); // What was chosen is gone before the next pass counts it again.
                    drop.From = drop.Removals.Count;
                }
            }
        }
    }

    private void DropFree(SpoolStore store, Dropping drop, int priority, bool newestFirst)
    {
        long from = newestFirst ? long.MaxValue : 0;
        bool more = true;
        while (!drop.IsEnough && more)
        {
            lock (state.Gate)
            {
                _rows.Clear();
                store.ReadFrom(priority, from, newestFirst, RowsAtOnce, _rows);
                more = _rows.Count == RowsAtOnce;
                foreach (StoredRow row in _rows)
                {
                    from = row.Sequence;
                    if (!drop.IsEnough && state.Ledger.IsFree(row.Sequence))
                    {
                        Choose(drop, row.Sequence, priority, row.Size, RemovalCause.Capacity);
                    }
                }
            }
        }
    }

    private void DropTaken(Dropping drop, int priority)
    {
        if (drop.IsEnough)
        {
            return;
        }

        lock (state.Gate)
        {
            foreach ((long sequence, int size) in state.Ledger.Taken(priority).ToList())
            {
                if (!drop.IsEnough)
                {
                    Choose(drop, sequence, priority, size, RemovalCause.Capacity);
                }
            }
        }
    }

    private void Choose(Dropping drop, long sequence, int priority, int size, RemovalCause cause)
    {
        var removal = new Removal(sequence, priority, size, cause);
        state.Ledger.Drop(removal);
        drop.Removals.Add(removal);
        drop.Totals = drop.Totals.After(removal);
    }

    /// <summary>How far one call has come.</summary>
    private sealed class Dropping(SpoolTotals totals, long target, List<Removal> removals, int from)
    {
        public SpoolTotals Totals { get; set; } = totals;

        public List<Removal> Removals => removals;

        /// <summary>Where the removals begin whose rows are not deleted yet.</summary>
        public int From { get; set; } = from;

        public bool IsEnough => Totals.Bytes <= target;
    }
}
