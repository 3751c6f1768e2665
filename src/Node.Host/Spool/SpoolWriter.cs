using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Node.Host.Spool;

/// <summary>The one thread that writes: gathers appends for a while and commits them together. It sleeps when there is nothing to do.</summary>
internal sealed class SpoolWriter : IDisposable
{
    private const int QueuedBatches = 4;
    private const int BatchBytes = 1 << 20;
    private const int DeletedBatches = 2; // A deletion costs pages and not bytes, so a drain deletes many packets at once.
    private static readonly TimeSpan LeastDeletionDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly SpoolOptions _options;
    private readonly SpoolCommitter _committer;
    private readonly SpoolState _state;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Channel<PendingAppend> _queue;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<PendingAppend> _batch = [];
    private List<TaskCompletionSource> _flushes = [];
    private long _firstConfirmedAt;
    private long? _failedAt;
    private int _queued;
    private int _alarms;
    private volatile bool _stopping;
    private volatile bool _changed;

    /// <summary>Starts the thread, which ends with <see cref="StopAsync"/>.</summary>
    public SpoolWriter(SpoolOptions options, SpoolCommitter committer, SpoolState state, TimeProvider clock, ILogger logger)
    {
        (_options, _committer, _state, _clock, _logger) = (options, committer, state, clock, logger);
        _queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(QueuedBatches * options.MaxBatch) { SingleReader = true });
        _timer = clock.CreateTimer(_ => _wake.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        new Thread(Run) { Name = "spool", IsBackground = true }.Start();
    }

    /// <summary>Queues the append; waits for room when the writer is <c>4 × MaxBatch</c> appends behind.</summary>
    /// <exception cref="ObjectDisposedException">The writer is stopping.</exception>
    public ValueTask<long> AppendAsync(SpoolEntry entry, CancellationToken cancellationToken)
    {
        var append = new PendingAppend(entry, _clock.GetTimestamp());
        if (cancellationToken.IsCancellationRequested || !_queue.Writer.TryWrite(append))
        {
            return AppendWhenThereIsRoomAsync(append, cancellationToken);
        }

        NoteQueued(append);
        return new ValueTask<long>(append.Durable.WaitAsync(cancellationToken)); // Without a token that is the task itself, and nothing is done for it here.
    }

    /// <summary>Asks for everything accepted and confirmed so far to be written at once.</summary>
    public Task FlushAsync()
    {
        var flush = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_state.Gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, typeof(Spool));
            _flushes.Add(flush);
        }

        _wake.Set();
        return flush.Task;
    }

    /// <summary>Tells that a confirmation was noted; called under the gate.</summary>
    public void NoteConfirmed(int waiting)
    {
        if (waiting == 1)
        {
            _firstConfirmedAt = _clock.GetTimestamp();
        }

        if (waiting == 1 || waiting == DeletedBatches * _options.MaxBatch)
        {
            _wake.Set();
        }
    }

    /// <summary>Asks for a transaction at once: a reader met damage, or the limits or the clock are others now.</summary>
    public void NoteChange()
    {
        _changed = true;
        _wake.Set();
    }

    /// <summary>Refuses further appends, writes what was accepted and ends the thread.</summary>
    public Task StopAsync()
    {
        _queue.Writer.TryComplete();
        lock (_state.Gate)
        {
            _stopping = true;
        }

        _wake.Set();
        return _stopped.Task;
    }

    /// <summary>As <see cref="StopAsync"/>, and waits for its end.</summary>
    public void Dispose()
    {
        if (!_stopped.Task.IsCompleted)
        {
            StopAsync().Wait();
        }

        _wake.Dispose();
    }

    private async ValueTask<long> AppendWhenThereIsRoomAsync(PendingAppend append, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(append, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(Spool));
        }

        NoteQueued(append);
        return await append.Durable.WaitAsync(cancellationToken);
    }

    private void NoteQueued(PendingAppend append)
    {
        int alarms = append.Entry.Priority > 0 ? Interlocked.Increment(ref _alarms) : 0;
        int queued = Interlocked.Increment(ref _queued);
        if (queued == 1 || queued == _options.MaxBatch || alarms > 0)
        {
            _wake.Set();
        }
    }

    private void Run()
    {
        while (true)
        {
            bool stopping = _stopping; // Read first: whatever was accepted before is then seen by the round.
            TimeSpan wait = stopping ? TimeSpan.Zero : UntilDue();
            if (wait > TimeSpan.Zero)
            {
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                _wake.WaitOne();
            }
            else if (wait < TimeSpan.Zero)
            {
                _wake.WaitOne();
            }
            else
            {
                Round();
            }

            if (stopping)
            {
                break;
            }
        }

        _timer.Dispose();
        _committer.Dispose();
        _stopped.SetResult();
    }

    /// <summary>Zero when something is due now; negative when nothing is ahead.</summary>
    private TimeSpan UntilDue()
    {
        long now = _clock.GetTimestamp();
        int confirmed;
        long firstConfirmedAt;
        TimeSpan commitDelay;
        lock (_state.Gate)
        {
            if (_flushes.Count > 0)
            {
                return TimeSpan.Zero;
            }

            (confirmed, firstConfirmedAt, commitDelay) = (_state.Ledger.ConfirmedCount, _firstConfirmedAt, _state.Limits.CommitDelay);
        }

        if (Volatile.Read(ref _alarms) > 0 || Volatile.Read(ref _queued) >= _options.MaxBatch || _changed)
        {
            return TimeSpan.Zero;
        }

        TimeSpan wait = TimeSpan.MaxValue;
        if (_queue.Reader.TryPeek(out PendingAppend? first))
        {
            wait = Left(commitDelay, first.QueuedAt, now);
        }

        if (confirmed > 0)
        {
            TimeSpan deletion = confirmed >= DeletedBatches * _options.MaxBatch ? TimeSpan.Zero : Left(DeletionDelay(commitDelay), firstConfirmedAt, now);
            TimeSpan retry = _failedAt is { } failedAt ? Left(RetryDelay, failedAt, now) : TimeSpan.Zero;
            wait = Min(wait, deletion > retry ? deletion : retry);
        }

        return wait == TimeSpan.MaxValue ? TimeSpan.FromTicks(-1) : wait;
    }

    /// <summary>Deletions wait for the next append's transaction, twice as long as one may wait itself.</summary>
    private static TimeSpan DeletionDelay(TimeSpan commitDelay) =>
        2 * commitDelay > LeastDeletionDelay ? 2 * commitDelay : LeastDeletionDelay;

    /// <summary>Whole milliseconds, which is how timers count, rounded up so that they do not fire early.</summary>
    private TimeSpan Left(TimeSpan delay, long since, long now)
    {
        TimeSpan left = delay - _clock.GetElapsedTime(since, now);
        return left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>Commits one batch; all that is queued when somebody waits for a flush, and at the end.</summary>
    private void Round()
    {
        List<TaskCompletionSource> flushes;
        lock (_state.Gate)
        {
            (flushes, _flushes) = (_flushes, []);
        }

        _changed = false;
        bool all = flushes.Count > 0 || _stopping;
        SpoolException? failure = null;
        do
        {
            TakeBatch();
            failure = CommitBatch() ?? failure;
        }
        while (all && _queue.Reader.TryPeek(out _));

        foreach (TaskCompletionSource flush in flushes)
        {
            _ = failure is null ? flush.TrySetResult() : flush.TrySetException(failure);
        }
    }

    private void TakeBatch()
    {
        _batch.Clear();
        int bytes = 0;
        while (_batch.Count < _options.MaxBatch && bytes < BatchBytes && _queue.Reader.TryRead(out PendingAppend? append))
        {
            _batch.Add(append);
            bytes += append.Entry.Body.Length;
            if (append.Entry.Priority > 0)
            {
                Interlocked.Decrement(ref _alarms);
            }
        }

        Interlocked.Add(ref _queued, -_batch.Count);
    }

    private SpoolException? CommitBatch()
    {
        try
        {
            _committer.Commit(_batch);
            _failedAt = null;
            _batch.ForEach(append => append.Complete());
            return null;
        }
        catch (SpoolException failure)
        {
            _failedAt = _clock.GetTimestamp();
            _logger.CommitFailed(_batch.Count, failure.Message);
            _batch.ForEach(append => append.Fail(failure));
            return failure;
        }
    }
}
