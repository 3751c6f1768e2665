using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Node.Host.Spool;

/// <summary>
/// Store and forward: a reading is durable before it is sent and stays until it is confirmed, through outages, restarts and power cuts.
/// Every member may be called from any thread.
/// </summary>
internal sealed class Spool : IAsyncDisposable, IDisposable
{
    private readonly SpoolFile _file;
    private readonly SpoolWriter _writer;
    private readonly SpoolState _state;
    private readonly ILogger _logger;

    private Spool(SpoolFile file, SpoolWriter writer, SpoolState state, ILogger logger)
    {
        (_file, _writer, _state, _logger) = (file, writer, state, logger);
    }

    /// <summary>What the spool holds now and what became of the rest.</summary>
    public SpoolStatistics Statistics
    {
        get
        {
            lock (_state.Gate)
            {
                SpoolTotals totals = _state.Totals;
                long depth = totals.Rows - _state.Ledger.UndeletedCount;
                return new SpoolStatistics
                {
                    Depth = depth,
                    UnsentCount = depth - _state.Ledger.TakenCount,
                    Bytes = totals.Bytes,
                    OldestSampledAt = depth > 0 ? OldestSampledAt() : null,
                    AppendedTotal = totals.LastSequence,
                    ConfirmedTotal = totals.Confirmed + _state.Ledger.UndeletedCount,
                    DroppedByCapacity = totals.DroppedByCapacity,
                    DroppedByAge = totals.DroppedByAge,
                    DroppedByThinning = totals.DroppedByThinning,
                    Purged = totals.Purged,
                    LostByCorruption = totals.LostByCorruption,
                    LastDurableSequence = totals.LastSequence,
                    Commits = _state.Commits,
                };
            }
        }
    }

    /// <summary>Opens or makes the spool file; all that it holds is unsent. A damaged file is moved aside and read into a new one.</summary>
    /// <param name="options">Where and how much.</param>
    /// <param name="bootId">Names this run of the node in the message ids of what it appends; not used by any other run.</param>
    /// <param name="clock">For the delays and for age.</param>
    /// <param name="logger">For damage, failures and drops.</param>
    /// <param name="kernelBoot">Names the run of the machine on whose monotonic clock <see cref="SpoolEntry.Monotonic"/> counts; null when it is not known.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the boot id is empty.</exception>
    /// <exception cref="SpoolException">The file cannot be used: in use, not writable, of a newer version, of another program.</exception>
    public static Spool Open(SpoolOptions options, string bootId, TimeProvider clock, ILogger logger, string? kernelBoot = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(bootId);
        options.ThrowIfOutOfRange();
        var file = new SpoolFile(options, new SpoolBoot(bootId, kernelBoot), clock, logger);
        try
        {
            SpoolStore store = file.Open();
            var state = new SpoolState(options.Limits) { Totals = store.Totals };
            state.Recent.Begin(store.Totals.LastSequence);
            state.Reader = file.OpenReader(state.Recent);
            var committer = new SpoolCommitter(options, file, store, state, clock, logger);
            logger.Opened(options.Path, store.Totals.Rows, store.Totals.Bytes, store.Totals.LastSequence);
            return new Spool(file, new SpoolWriter(options, committer, state, clock, logger), state, logger);
        }
        catch (SpoolException)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Stores a reading; completes when it survives a power cut.</summary>
    /// <param name="entry">Its body must stay as it is from now on.</param>
    /// <param name="cancellationToken">Ends the waiting; a reading that was accepted is stored all the same.</param>
    /// <returns>Its sequence.</returns>
    /// <exception cref="ArgumentException">A part of the entry is missing or too large.</exception>
    /// <exception cref="SpoolException">It could not be stored; earlier ones are safe.</exception>
    /// <exception cref="ObjectDisposedException">The spool is closing.</exception>
    public ValueTask<long> AppendAsync(SpoolEntry entry, CancellationToken cancellationToken)
    {
        entry.ThrowIfInvalid();
        return _writer.AppendAsync(entry, cancellationToken);
    }

    /// <summary>
    /// Hands out durable messages that nobody holds: alarms, then live ones, then the backlog, each lane oldest first, each message once
    /// until it is confirmed or released. At most 65,536 are in hands at once.
    /// </summary>
    /// <param name="into">Where they are added.</param>
    /// <param name="maximum">How many at most.</param>
    /// <param name="backlog">How many of the backlog at most.</param>
    /// <param name="live">How many live ones at most.</param>
    /// <returns>How many were added; 0 also when the file cannot be read now, which is logged.</returns>
    public int TakeUnsent(ICollection<SpooledMessage> into, int maximum, int backlog = int.MaxValue, int live = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(into);
        int before = into.Count;
        lock (_state.Gate)
        {
            try
            {
                TakeLane(into, before + maximum, DeliveryLane.Alarm);
                TakeLane(into, Bound(into.Count, before + maximum, live), DeliveryLane.Live);
                TakeLane(into, Bound(into.Count, before + maximum, backlog), DeliveryLane.Backlog);
            }
            catch (SqliteException failure)
            {
                NoteReadFailure(failure);
            }
        }

        return into.Count - before;
    }

    /// <summary>
    /// Draws the line between backlog and live messages anew, as when the hub comes back: what is stored by now is the backlog, beside
    /// which later messages go out without waiting. A backlog of up to <paramref name="most"/> messages is none: all go out in order.
    /// </summary>
    public void SplitBacklog(int most)
    {
        lock (_state.Gate)
        {
            SpoolTotals totals = _state.Totals;
            if (totals.Rows - _state.Ledger.UndeletedCount - _state.Ledger.TakenCount > most)
            {
                _state.Ledger.Split(totals.LastSequence);
            }
            else
            {
                _state.Ledger.Join();
            }
        }
    }

    /// <summary>Puts other limits in force, with the next commit. The file shrinks as far as it must then.</summary>
    /// <exception cref="ArgumentException">A limit is out of range.</exception>
    public void Apply(SpoolLimits limits)
    {
        limits.ThrowIfOutOfRange();
        lock (_state.Gate)
        {
            _state.Limits = limits;
        }

        _writer.NoteChange();
    }

    /// <summary>
    /// The clock is known to be right from now on: what this run of the machine stored before, stamped by its monotonic clock only, gets
    /// its time from it, after a restart of the program too. Only the first call in a run of the machine counts.
    /// </summary>
    /// <param name="offset">Time since 1970-01-01 UTC less the monotonic clock's.</param>
    public void CorrectClock(TimeSpan offset)
    {
        lock (_state.Gate)
        {
            _state.ClockOffset = offset;
        }

        _writer.NoteChange();
    }

    /// <summary>The hub has the message: it will be deleted with the next commit. Unknown sequences are ignored.</summary>
    public void Confirm(long sequence)
    {
        lock (_state.Gate)
        {
            if (_state.Ledger.Confirm(sequence, RemovalCause.Confirmed))
            {
                _writer.NoteConfirmed(_state.Ledger.ConfirmedCount);
            }
        }
    }

    /// <summary>The operator throws messages away: those that are selected and in nobody's hands. Completes when that is durable.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="SpoolException">The file cannot be read or written; what was purged before stays so.</exception>
    public async Task<long> PurgeAsync(Func<SpooledMessage, bool> isSelected, CancellationToken cancellationToken)
    {
        long purged = 0;
        for (long? after = 0; after is { } above;)
        {
            (after, int batch) = PurgeAbove(above, isSelected);
            await FlushAsync(cancellationToken);
            purged += batch;
        }

        return purged;
    }

    /// <summary>The message was not delivered: it will be handed out again in its place. Unknown sequences are ignored.</summary>
    public void Release(long sequence)
    {
        lock (_state.Gate)
        {
            _state.Ledger.Release(sequence);
        }
    }

    /// <summary>Completes when every accepted append is durable and every confirmed message deleted, without waiting for company.</summary>
    /// <exception cref="SpoolException">A commit failed.</exception>
    public Task FlushAsync(CancellationToken cancellationToken) => _writer.FlushAsync().WaitAsync(cancellationToken);

    /// <summary>Refuses further appends, writes what was accepted and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        _writer.Dispose();
        _file.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private (long? Last, int Purged) PurgeAbove(long after, Func<SpooledMessage, bool> isSelected)
    {
        const int AtOnce = 1_000;
        int purged = 0;
        long? last = null;
        lock (_state.Gate)
        {
            try
            {
                _state.Reader?.ReadAny(after, AtOnce, message =>
                {
                    last = message.Sequence;
                    if (!_state.Ledger.IsHeld(message.Sequence) && isSelected(message))
                    {
                        _state.Ledger.Take(message.Sequence, message.Priority, SizeOf(message));
                        _state.Ledger.Confirm(message.Sequence, RemovalCause.Purge);
                        purged++;
                    }
                });
            }
            catch (SqliteException failure)
            {
                throw SpoolException.From(failure, _file.Path);
            }
        }

        return (last, purged);
    }

    private static int Bound(int count, int full, int most) => count + Math.Min(full - count, Math.Max(most, 0));

    private void TakeLane(ICollection<SpooledMessage> into, int full, DeliveryLane lane)
    {
        if (_state.Reader is { } reader)
        {
            TakeNext(reader, into, full, lane);
            TakeReleased(reader, into, full, lane, before: long.MaxValue);
        }
    }

    private void TakeReleased(SpoolReader reader, ICollection<SpooledMessage> into, int full, DeliveryLane lane, long before)
    {
        while (into.Count < full && _state.Ledger.TryPeekReleased(lane, out long sequence) && sequence < before)
        {
            if (reader.Find(sequence) is { } message)
            {
                Take(message, into, lane);
            }
            else
            {
                _state.Ledger.Forget(sequence);
            }
        }
    }

    private void TakeNext(SpoolReader reader, ICollection<SpooledMessage> into, int full, DeliveryLane lane)
    {
        long last = lane == DeliveryLane.Backlog ? _state.Ledger.Boundary : long.MaxValue;
        int read = int.MaxValue;
        while (read > 0 && into.Count < full && !_state.Ledger.IsFull && _state.Ledger.Cursor(lane) < last)
        {
            read = reader.ReadNext(lane == DeliveryLane.Alarm ? 1 : 0, _state.Ledger.Cursor(lane), last, full - into.Count, message =>
            {
                if (!_state.Ledger.IsHeld(message.Sequence)) // One that is held was handed out before the line was drawn anew.
                {
                    TakeReleased(reader, into, full, lane, before: message.Sequence);
                    if (into.Count >= full)
                    {
                        return;
                    }

                    Take(message, into, lane);
                }

                _state.Ledger.Pass(lane, message.Sequence);
            });
            if (read == 0)
            {
                _state.Ledger.Pass(lane, Math.Min(last, _state.Totals.LastSequence)); // So that nobody looks through the file again for what is not there.
            }
        }
    }

    private void Take(SpooledMessage message, ICollection<SpooledMessage> into, DeliveryLane lane)
    {
        _state.Ledger.Take(message.Sequence, message.Priority, SizeOf(message));
        into.Add(lane == DeliveryLane.Backlog ? message with { IsBacklog = true } : message);
    }

    private static int SizeOf(SpooledMessage message) =>
        RowSize.Of(System.Text.Encoding.UTF8.GetByteCount(message.Component), message.Body.Length);

    private DateTimeOffset? OldestSampledAt()
    {
        try
        {
            return _state.Reader?.OldestSampledAt(sequence => !_state.Ledger.IsConfirmed(sequence));
        }
        catch (SqliteException failure)
        {
            NoteReadFailure(failure);
            return null;
        }
    }

    private void NoteReadFailure(SqliteException failure)
    {
        _logger.ReadFailed(failure.Message);
        if (SpoolException.IsDamage(failure))
        {
            _state.Damage = failure.Message;
            _writer.NoteChange();
        }
    }
}
