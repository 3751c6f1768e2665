namespace Node.Sensors.Signals;

/// <summary>What a burst file says of its samples.</summary>
/// <param name="Sensor">The sensor's name, at most 64 characters.</param>
/// <param name="Unit">The samples' unit, such as <c>gForce</c>.</param>
/// <param name="Channels">The channels' names, 1 to 8.</param>
/// <param name="RateHertz">Samples a second in each channel, 1 to 1,000,000; a fraction is kept in the header's JSON only.</param>
/// <param name="UnitsPerCount">What one count of the 16-bit samples is, in the unit; more than 0.</param>
/// <param name="Start">When the first sample was taken.</param>
public sealed record BurstHeader(string Sensor, string Unit, IReadOnlyList<string> Channels, double RateHertz, double UnitsPerCount, DateTimeOffset Start)
{
    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Sensor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Sensor.Length, 64, nameof(Sensor));
        ArgumentOutOfRangeException.ThrowIfZero(Channels.Count, nameof(Channels));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Channels.Count, 8, nameof(Channels));
        ArgumentOutOfRangeException.ThrowIfLessThan(RateHertz, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RateHertz, 1e6);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(UnitsPerCount);
    }
}
