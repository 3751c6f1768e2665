using Microsoft.Extensions.Logging;
using Node.Host.Composition;

namespace Node.Host.Upload;

/// <summary>
/// Bytes that went out today, in UTC, and on the days before. The file is ahead of what was sent, by a part of the budget, so that a
/// power cut can cost a little of the day's budget but never let more go out; it is written seldom, to spare the card. Any thread.
/// </summary>
internal sealed partial class DailyTraffic
{
    private const int DaysKept = 30;
    private const int DaysAveraged = 7;
    private const int WritesPerDay = 50; // Beside those of the start and of the stop.
    private const long LeastAhead = 16_384;
    private const long LeastAheadOfNoBudget = 262_144; // Nothing hangs on the count then, and each write is a synchronous one.

    private static readonly TimeSpan LeastObserved = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly NodeClock _clock;
    private readonly ILogger _logger;
    private readonly List<long> _earlier = [];
    private readonly long _startedAt;
    private DateOnly _day;
    private long _bytes;
    private long _sinceStart;
    private long _kept; // What the file says of today.
    private bool _failing;

    /// <summary>Goes on from the file. One that cannot be read counts as a fresh day and is logged.</summary>
    public DailyTraffic(string folder, NodeClock clock, ILogger logger)
    {
        _file = Path.Combine(folder, TrafficRecord.FileName);
        _clock = clock;
        _logger = logger;
        _startedAt = clock.Time.GetTimestamp();
        _day = DateOnly.FromDateTime(clock.UtcNow.UtcDateTime);
        if (TrafficRecord.Read(_file, out string? unreadable) is { } record)
        {
            (_day, _bytes, _kept) = (record.Day, Math.Max(record.Bytes, 0), Math.Max(record.Bytes, 0));
            _earlier.AddRange(record.Earlier?.Take(DaysKept) ?? []);
        }
        else if (unreadable is not null)
        {
            LogUnreadable(_logger, _file, unreadable);
        }
    }

    /// <summary>Bytes of today so far, what a restart after a power cut had to assume included.</summary>
    public long Today
    {
        get
        {
            lock (_gate)
            {
                Turn();
                return _bytes;
            }
        }
    }

    /// <summary>Bytes in 30 days at the pace of the last seven whole days, or of this run before there is one; null before ten minutes.</summary>
    public double? MonthlyBytes
    {
        get
        {
            lock (_gate)
            {
                Turn();
                TimeSpan observed = _clock.Time.GetElapsedTime(_startedAt);
                return _earlier.Count > 0 ? _earlier.Take(DaysAveraged).Average() * DaysKept
                    : observed >= LeastObserved ? _sinceStart / observed.TotalDays * DaysKept
                    : null;
            }
        }
    }

    /// <summary>Counts bytes if they fit the budget; 0 is none.</summary>
    /// <returns>false when they do not fit any more and were not counted.</returns>
    public bool TrySpend(long bytes, long budget)
    {
        lock (_gate)
        {
            Turn();
            if (budget > 0 && _bytes + bytes > budget)
            {
                return false;
            }

            Count(bytes, budget);
            return true;
        }
    }

    /// <summary>Counts bytes that go out whatever the budget says.</summary>
    public void Spend(long bytes, long budget)
    {
        lock (_gate)
        {
            Turn();
            Count(bytes, budget);
        }
    }

    /// <summary>Keeps the exact count, as at a stop.</summary>
    public void Save()
    {
        lock (_gate)
        {
            if (_kept != _bytes)
            {
                Keep(_bytes);
            }
        }
    }

    private void Count(long bytes, long budget)
    {
        _bytes += bytes;
        _sinceStart += bytes;
        if (_bytes > _kept)
        {
            long ahead = budget > 0 ? Math.Max(budget / WritesPerDay, LeastAhead) : Math.Max(_bytes / 4, LeastAheadOfNoBudget);
            Keep(budget > 0 && _bytes <= budget ? Math.Min(_bytes + ahead, budget) : _bytes + ahead);
        }
    }

    /// <summary>
    /// Begins a new day when the clock shows a later one. A clock that shows the day before was set back over midnight: the day goes on. One
    /// that shows an even earlier day was wrong before: its day is counted from now on, without forgetting what was spent.
    /// </summary>
    private void Turn()
    {
        if (!_clock.IsPlausible)
        {
            return;
        }

        var today = DateOnly.FromDateTime(_clock.UtcNow.UtcDateTime);
        int days = today.DayNumber - _day.DayNumber;
        if (days > 0)
        {
            _earlier.InsertRange(0, Enumerable.Repeat(0L, Math.Min(days, DaysKept) - 1).Append(_bytes));
            _earlier.RemoveRange(Math.Min(DaysKept, _earlier.Count), Math.Max(_earlier.Count - DaysKept, 0));
            (_day, _bytes, _kept) = (today, 0, 0);
        }
        else if (days < -1)
        {
            _day = today;
        }
    }

    private void Keep(long bytes)
    {
        _kept = bytes;
        string? failure = new TrafficRecord(_day, bytes, [.. _earlier]).Write(_file);
        if (failure is not null && !_failing)
        {
            LogNotKept(_logger, _file, failure);
        }

        _failing = failure is not null;
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Warning, Message = "{File} cannot be read ({Reason}): the day's bytes are counted from zero")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 141, Level = LogLevel.Error, Message = "{File} cannot be written ({Reason}): a restart forgets what went out today")]
    private static partial void LogNotKept(ILogger logger, string file, string reason);
}
