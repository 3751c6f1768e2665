namespace Node.Host.Sensing;

/// <summary>How a sensor fares and what it read last: one consistent view, replaced as a whole.</summary>
/// <param name="State">How it fares.</param>
/// <param name="Reason">What is wrong and what helps; null when nothing is.</param>
/// <param name="Failures">Failed attempts since the last success.</param>
/// <param name="Reading">The last good reading; null before the first.</param>
/// <param name="ReadAt">When that reading was taken; null before the first.</param>
internal sealed record SensorStatus(SensorState State, string? Reason, int Failures, JudgedReading? Reading, DateTimeOffset? ReadAt)
{
    public static readonly SensorStatus Initial = new(SensorState.Starting, null, 0, null, null);

    /// <summary>The worst quality of the last reading; stale while the sensor cannot be read.</summary>
    public Quality Quality => State is SensorState.Degraded or SensorState.Failed && Reading is not null ? Quality.Stale : Reading?.Quality ?? Quality.Good;
}
