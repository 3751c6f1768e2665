using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Configuration;

namespace Node.Host.Upload;

/// <summary>How readings go out now, and whether they may. Settings can be read and changed by any thread; the rest is the hub loop's.</summary>
internal sealed partial class UploadControl(UploadOptions configured, DailyTraffic traffic, NodeClock clock, ILogger logger)
{
    private volatile UploadOptions _inForce = configured;
    private volatile UploadHold _hold;
    private (long Bytes, long Budget) _spent; // The day's bytes when that budget was found spent.
    private long _minute = -1;
    private UploadWindow? _judged;
    private bool _isOpen;

    /// <summary>As configured: what the twin goes back to.</summary>
    public UploadOptions Configured { get; } = configured;

    /// <summary>What the cloud may change.</summary>
    public UploadOptions InForce
    {
        get => _inForce;
        set => _inForce = value;
    }

    public DailyTraffic Traffic => traffic;

    /// <summary>Why normal readings wait.</summary>
    public UploadHold Hold => _hold;

    /// <summary>When the window opens, or the day ends, that readings wait for; null while they do not wait.</summary>
    public DateTimeOffset? NextOpening => _hold switch
    {
        UploadHold.Window => InForce.Window.NextAfter(clock.UtcNow),
        UploadHold.Budget => new DateTimeOffset(clock.UtcNow.UtcDateTime.Date.AddDays(1), TimeSpan.Zero),
        _ => null,
    };

    /// <summary>Whether normal readings may go out now.</summary>
    public bool MaySend()
    {
        UploadOptions options = _inForce;
        bool spent = _hold == UploadHold.Budget && options.DailyBytes == _spent.Budget && traffic.Today >= _spent.Bytes;
        Take(!IsOpen(options.Window) ? UploadHold.Window : spent ? UploadHold.Budget : UploadHold.None);
        return _hold == UploadHold.None;
    }

    /// <summary>Counts what is about to go out; a normal reading may find the day's budget spent.</summary>
    /// <returns>false when it has to wait; it was not counted then.</returns>
    public bool TrySpend(int bytes, bool isAlarm)
    {
        if (isAlarm)
        {
            traffic.Spend(bytes, _inForce.DailyBytes);
            return true;
        }

        if (traffic.TrySpend(bytes, _inForce.DailyBytes))
        {
            return true;
        }

        _spent = (traffic.Today, _inForce.DailyBytes);
        Take(UploadHold.Budget);
        return false;
    }

    /// <summary>Counts what goes out beside readings.</summary>
    public void Spend(int bytes) => traffic.Spend(bytes, _inForce.DailyBytes);

    /// <summary>The calendar is asked once a minute.</summary>
    private bool IsOpen(UploadWindow window)
    {
        DateTimeOffset now = clock.UtcNow;
        long minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute || !ReferenceEquals(window, _judged))
        {
            (_minute, _judged, _isOpen) = (minute, window, window.IsOpenAt(now));
        }

        return _isOpen;
    }

    private void Take(UploadHold hold)
    {
        if (hold == _hold)
        {
            return;
        }

        _hold = hold;
        if (hold == UploadHold.None)
        {
            LogOpen(logger);
        }
        else
        {
            LogHeld(logger, hold == UploadHold.Window ? "the upload window is closed" : "the day's byte budget is spent", NextOpening);
        }
    }

    [LoggerMessage(EventId = 142, Level = LogLevel.Information, Message = "Readings wait in the spool until {Until:u}, because {Reason}; alarms go at once")]
    private static partial void LogHeld(ILogger logger, string reason, DateTimeOffset? until);

    [LoggerMessage(EventId = 143, Level = LogLevel.Information, Message = "Readings go out again")]
    private static partial void LogOpen(ILogger logger);
}
