namespace Node.Host.Automation;

/// <summary>
/// Decides from one value after the other whether an alarm is raised: past the limit for the hold time raises it, behind limit and
/// hysteresis clears it, and in between nothing changes. Knows no clock and no I/O. One thread.
/// </summary>
internal sealed class ThresholdWatch(Threshold threshold, bool isRaised = false)
{
    private TimeSpan? _pastSince; // On the monotonic clock; null while the value is not past the limit.
    private bool _isBack; // Of a latched alarm: it may be cleared by hand.

    public Threshold Threshold => threshold;

    public bool IsRaised { get; private set; } = isRaised;

    /// <summary>How long the value has been past the limit, or been raised; zero when it is not.</summary>
    public TimeSpan PastFor(TimeSpan now) => _pastSince is { } since ? now - since : TimeSpan.Zero;

    /// <summary>Takes a value.</summary>
    /// <param name="value">Finite, in the quantity's unit.</param>
    /// <param name="now">Monotonic time, never less than before.</param>
    /// <returns>Whether that raised or cleared the alarm.</returns>
    public bool Judge(double value, TimeSpan now)
    {
        bool past = threshold.IsPast(value);
        _isBack = threshold.IsBack(value);
        if (IsRaised)
        {
            _pastSince ??= now; // After a restart: since then at least.
            return !threshold.Latch && _isBack && Clear();
        }

        _pastSince = past ? _pastSince ?? now : null;
        return past && now - _pastSince >= threshold.HoldTime && Raise();
    }

    /// <summary>Clears a latched alarm by hand; false when the value is not back behind limit and hysteresis, or nothing is raised.</summary>
    public bool TryClear() => IsRaised && _isBack && Clear();

    private bool Raise() => IsRaised = true;

    private bool Clear()
    {
        (IsRaised, _pastSince) = (false, null);
        return true;
    }
}
