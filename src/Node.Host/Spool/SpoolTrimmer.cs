namespace Node.Host.Spool;

/// <summary>
/// Keeps the spool inside its limits, within the present transaction: by room as <see cref="SpoolDropper"/> chooses, by age from the
/// oldest on.
/// </summary>
internal sealed class SpoolTrimmer(SpoolState state)
{
    private const int AgedAtOnce = 1024;

    private readonly SpoolDropper _dropper = new(state);
    private readonly List<StoredRow> _rows = [];

    /// <summary>Makes room for <paramref name="needed"/> bytes under the capacity, as far as there is something to drop.</summary>
    public SpoolTotals MakeRoom(SpoolStore store, SpoolLimits limits, SpoolTotals totals, long needed, List<Removal> removals)
    {
        long excess = totals.Bytes + needed - limits.CapacityBytes;
        return excess <= 0 ? totals : _dropper.Drop(store, limits.DropPolicy, totals, excess, removals);
    }

    /// <summary>Keeps the file's pages under the capacity too, where rows of an awkward size or scattered alarms waste part of them.</summary>
    public SpoolTotals FitFile(SpoolStore store, SpoolLimits limits, SpoolTotals totals, List<Removal> removals)
    {
        long limit = limits.CapacityBytes / SpoolStore.PageBytes;
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
                totals = _dropper.Drop(store, limits.DropPolicy, totals, excess * SpoolStore.PageBytes, removals);
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
    public SpoolTotals Expire(SpoolStore store, SpoolLimits limits, SpoolTotals totals, DateTimeOffset now, List<Removal> removals)
    {
        long oldest = SpoolTime.ToStored(now - limits.MaxAge);
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
                var removal = new Removal(row.Sequence, row.Priority, row.Size, RemovalCause.Age);
                state.Ledger.Drop(removal);
                removals.Add(removal);
                totals = totals.After(removal);
            }
        }

        store.Delete(removals, from);
        return totals;
    }
}
