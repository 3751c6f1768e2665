namespace Node.HubClient.Simulation;

/// <summary>Time that moves only when told to: one monotonic line, and a wall clock on it that may be wrong.</summary>
internal sealed class VirtualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Time since the start of the simulation.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>What everybody else's clock shows.</summary>
    public DateTimeOffset TrueTime => Start + Now;

    /// <summary>How far the device's wall clock is off.</summary>
    public TimeSpan WallError { get; set; }

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Moves on.</summary>
    public void AdvanceTo(TimeSpan instant) => Now = instant > Now ? instant : Now;

    /// <inheritdoc />
    public override long GetTimestamp() => Now.Ticks;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => TrueTime + WallError;
}
