using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Node.Host.Spool;

/// <summary>
/// One transaction at a time: deletes what was confirmed, drops what is too old or has no room, stores what was appended, all with one
/// synchronous write. Owned by the writer's thread.
/// </summary>
internal sealed class SpoolCommitter : IDisposable
{
    private const int BatchesSentSoon = 4;

    private static readonly TimeSpan HouseKeepingInterval = TimeSpan.FromMinutes(1);

    private readonly SpoolOptions _options;
    private readonly SpoolFile _file;
    private readonly SpoolState _state;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly SpoolTrimmer _trimmer;
    private readonly PackingEffort _effort;
    private readonly List<Removal> _removals = [];
    private SpoolStore? _store;
    private long? _expiredAt;
    private long? _warnedAt;
    private long? _repairedAt;
    private long _droppedWhenWarned;
    private SpoolLimits _limits;

    /// <summary>Works on the open store of <paramref name="file"/>, and closes it in the end.</summary>
    public SpoolCommitter(SpoolOptions options, SpoolFile file, SpoolStore store, SpoolState state, TimeProvider clock, ILogger logger)
    {
        (_options, _file, _store, _state, _clock, _logger) = (options, file, store, state, clock, logger);
        _trimmer = new SpoolTrimmer(state);
        _effort = new PackingEffort(clock);
        _droppedWhenWarned = Dropped(store.Totals);
        _limits = options.Limits;
    }

    /// <summary>Makes the appends durable and every deletion asked for so far. Repairs a damaged file on the way and tries once more.</summary>
    /// <exception cref="SpoolException">Nothing of it happened; what was durable before still is.</exception>
    public void Commit(List<PendingAppend> appends)
    {
        try
        {
            RepairIfNeeded();
            try
            {
                CommitOnce(appends);
            }
            catch (SqliteException damage) when (SpoolException.IsDamage(damage))
            {
                Repair(damage.Message);
                CommitOnce(appends);
            }
        }
        catch (SqliteException failure)
        {
            throw SpoolException.From(failure, _options.Path);
        }
    }

    public void Dispose()
    {
        lock (_state.Gate)
        {
            _state.Reader?.Dispose();
            _state.Reader = null;
        }

        _store?.Dispose();
        _store = null;
    }

    private static long Dropped(in SpoolTotals totals) => totals.DroppedByAge + totals.DroppedByCapacity + totals.DroppedByThinning;

    private void CommitOnce(List<PendingAppend> appends)
    {
        SpoolStore store = _store!;
        _removals.Clear();
        Work work;
        CompressionLevel level;
        lock (_state.Gate)
        {
            work = new Work(appends, _state.Limits, _state.ClockOffset, _limits != _state.Limits);
            if (appends.Count == 0 && _state.Ledger.ConfirmedCount == 0 && work.ClockOffset is null && !work.HasNewLimits)
            {
                return;
            }

            _state.Ledger.CollectConfirmed(_removals);
            level = _effort.Next(appends.Count, areSentSoon: _state.Totals.LastSequence - _state.Ledger.Cursor(DeliveryLane.Live) <= BatchesSentSoon * _options.MaxBatch);
        }

        SpoolTotals totals;
        try
        {
            store.Begin(level);
            totals = Fill(store, _state.Totals, work);
            store.Commit();
        }
        catch (SqliteException)
        {
            Undo(store);
            throw;
        }

        Publish(store, totals, work);
        Shrink(store);
    }

    private SpoolTotals Fill(SpoolStore store, SpoolTotals totals, Work work)
    {
        store.Delete(_removals, 0);
        foreach (Removal removal in _removals)
        {
            totals = totals.After(removal);
        }

        totals = Expire(store, totals, work);
        if (work.Limits.DropPolicy != DropPolicy.DropNew)
        {
            totals = _trimmer.MakeRoom(store, work.Limits, totals, work.Appends.Sum(append => RowSize.Of(append.Entry)), _removals);
        }

        foreach (PendingAppend append in work.Appends)
        {
            totals = Take(store, totals, work.Limits, append);
        }

        store.Store();

        // The new ones count as well: when only alarms fill the spool, a new normal message is the oldest normal one.
        totals = _trimmer.MakeRoom(store, work.Limits, totals, 0, _removals);
        totals = _trimmer.FitFile(store, work.Limits, totals, _removals);
        if (_removals.Count > 0)
        {
            store.SaveTotals(totals);
        }

        if (work.ClockOffset is { } offset)
        {
            store.SaveClockOffset(offset);
        }

        return totals;
    }

    private SpoolTotals Take(SpoolStore store, SpoolTotals totals, SpoolLimits limits, PendingAppend append)
    {
        int size = RowSize.Of(append.Entry);
        bool hasRoom = totals.Bytes + size <= limits.CapacityBytes;
        totals = totals.After(size);
        append.Sequence = totals.LastSequence;
        if (limits.DropPolicy == DropPolicy.DropNew && append.Entry.Priority == 0 && !hasRoom)
        {
            var itself = new Removal(append.Sequence, 0, size, RemovalCause.Capacity); // It takes a number, so that the gap tells of it.
            _removals.Add(itself);
            return totals.After(itself);
        }

        store.Take(totals.LastSequence, append.Entry, totals.AppendedBytes);
        return totals;
    }

    /// <summary>A reading with a known time is the evidence that the clock is right now: without one, nothing is too old.</summary>
    private SpoolTotals Expire(SpoolStore store, SpoolTotals totals, Work work)
    {
        if (work.Limits.MaxAge == TimeSpan.Zero || !work.Appends.Exists(append => append.Entry.TimeSynced) || !IsDue(ref _expiredAt))
        {
            return totals;
        }

        return _trimmer.Expire(store, work.Limits, totals, _clock.GetUtcNow(), _removals);
    }

    private void Publish(SpoolStore store, in SpoolTotals totals, Work work)
    {
        _limits = work.Limits;
        lock (_state.Gate)
        {
            _state.Totals = totals;
            _state.Commits++;
            _state.Recent.Settle(store.Stored, _removals);
            _state.Ledger.Settle(_removals);
            if (work.ClockOffset is not null)
            {
                _state.ClockOffset = null;
                _state.Reader?.ReadBoots();
            }
        }

        if (Dropped(totals) > _droppedWhenWarned && IsDue(ref _warnedAt))
        {
            _droppedWhenWarned = Dropped(totals);
            _logger.Dropped(totals.DroppedByCapacity + totals.DroppedByThinning, totals.DroppedByAge);
        }
    }

    private void Undo(SpoolStore store)
    {
        lock (_state.Gate)
        {
            _state.Ledger.Restore(_removals, _state.Totals.LastSequence);
        }

        try
        {
            store.Rollback();
        }
        catch (SqliteException failure)
        {
            _logger.CommitFailed(0, failure.Message); // The next transaction then cannot begin and says so to its callers.
        }
    }

    /// <summary>Gives room back to the file system when most of the file is empty and that is worth the writes.</summary>
    private void Shrink(SpoolStore store)
    {
        const int LeastPages = 64;
        const int PagesAtOnce = 1024;
        try
        {
            long free = _removals.Count > 0 ? store.FreePages() : 0;
            if (free < LeastPages || free * 2 < store.PageCount())
            {
                return;
            }

            for (; free > 0; free -= PagesAtOnce)
            {
                store.Vacuum(PagesAtOnce);
                lock (_state.Gate)
                {
                    _state.Commits++;
                }
            }

            store.TruncateLog();
        }
        catch (SqliteException failure)
        {
            _logger.ShrinkFailed(failure.Message);
        }
    }

    private void RepairIfNeeded()
    {
        string? damage;
        lock (_state.Gate)
        {
            damage = _state.Damage;
        }

        if (damage is not null || _store is null)
        {
            Repair(damage ?? "an earlier repair failed");
        }
    }

    private void Repair(string cause)
    {
        if (!IsDue(ref _repairedAt))
        {
            throw new SpoolException(SpoolFault.Corrupt,
                $"The spool {_options.Path} was damaged again within a minute of its repair ({cause}). Replace the disk.");
        }

        lock (_state.Gate)
        {
            Dispose();
            _store = _file.Repair(cause, _state.Totals);
            _state.Recent.Begin(_store.Totals.LastSequence);
            _state.Reader = _file.OpenReader(_state.Recent);
            _state.Totals = _store.Totals;
            _state.Damage = null;
            foreach (long sequence in _state.Ledger.Known())
            {
                if (!_store.Holds(sequence))
                {
                    _state.Ledger.Forget(sequence);
                }
            }
        }
    }

    private bool IsDue(ref long? last)
    {
        long now = _clock.GetTimestamp();
        if (last is { } before && _clock.GetElapsedTime(before, now) < HouseKeepingInterval)
        {
            return false;
        }

        last = now;
        return true;
    }

    /// <summary>What one transaction is about.</summary>
    private sealed record Work(List<PendingAppend> Appends, SpoolLimits Limits, TimeSpan? ClockOffset, bool HasNewLimits);
}
