namespace Node.Sensors.Filters;

/// <summary>
/// Judges each value of one quantity: whether it is within its limits, and whether it still changes. Give it values before the filters, for
/// rounding and deadbands make a living value look stuck. Instants are the time since any fixed origin. One caller at a time.
/// </summary>
public sealed class ValueMonitor
{
    private double _held = double.NaN;
    private TimeSpan _heldSince;

    /// <summary>Begins without a value.</summary>
    public ValueMonitor(ValueMonitorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
    }

    /// <summary>The limits in force. New ones judge what has been seen so far, too.</summary>
    public ValueMonitorSettings Settings { get; set; }

    /// <summary>How many values in a row, the newest included, were the same.</summary>
    public int SameReadings { get; private set; }

    /// <summary>Judges a value that was measured at <paramref name="now"/>.</summary>
    public ValueQuality Judge(double value, TimeSpan now)
    {
        if (double.IsNaN(value)) { return ValueQuality.Unknown; }

        if (Math.Abs(value - _held) <= Settings.StuckTolerance)
        {
            SameReadings = SameReadings == int.MaxValue ? SameReadings : SameReadings + 1;
        }
        else
        {
            (_held, _heldSince, SameReadings) = (value, now, 1);
        }

        ValueQuality quality = value < Settings.Minimum || value > Settings.Maximum ? ValueQuality.OutOfRange : ValueQuality.Good;
        return IsStuck(now) ? quality | ValueQuality.Stuck : quality;
    }

    private bool IsStuck(TimeSpan now) =>
        (Settings.StuckReadings is { } count && SameReadings >= count)
        || (Settings.StuckAfter is { } time && SameReadings > 1 && now - _heldSince >= time);
}
