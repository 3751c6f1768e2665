namespace Node.Host.Sensing;

/// <summary>How a sensor is sampled now; changed as a whole by configuration and desired properties.</summary>
/// <param name="Interval">Time between two readings, 100 ms to 1 day.</param>
/// <param name="Enabled">Whether it is sampled at all.</param>
internal sealed record SensorSetting(TimeSpan Interval, bool Enabled);
