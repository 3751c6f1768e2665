using Node.Host.Automation;
using Node.Host.Configuration;

namespace Node.Host.Sensing;

/// <summary>How a sensor is sampled now; changed as a whole by configuration and desired properties.</summary>
/// <param name="Interval">Time between two readings, 100 ms to 1 day.</param>
/// <param name="Enabled">Whether it is sampled at all.</param>
/// <param name="Cron">Readings by the calendar in place of the interval; null for the interval.</param>
internal sealed record SensorSetting(TimeSpan Interval, bool Enabled, CronSchedule? Cron = null)
{
    /// <summary>What is done to its values before they go out.</summary>
    public FilterMap Filters { get; init; } = FilterMap.None;

    /// <summary>Between which raw values each quantity is plausible.</summary>
    public RangeMap Ranges { get; init; } = RangeMap.None;

    /// <summary>The limits that raise alarms.</summary>
    public ThresholdMap Thresholds { get; init; } = ThresholdMap.None;
}
