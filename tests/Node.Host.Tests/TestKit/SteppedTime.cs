using Microsoft.Extensions.Time.Testing;

namespace Node.Host.Tests.TestKit;

/// <summary>Virtual time whose wall clock can be set without touching the monotonic one and the timers, as a time service does.</summary>
internal sealed class SteppedTime(DateTimeOffset start) : TimeProvider
{
    private TimeSpan _step;

    public FakeTimeProvider Monotonic { get; } = new(start);

    public override long TimestampFrequency => Monotonic.TimestampFrequency;

    public void Advance(TimeSpan by) => Monotonic.Advance(by);

    public void Set(DateTimeOffset wall) => _step = wall - Monotonic.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => Monotonic.GetUtcNow() + _step;

    public override long GetTimestamp() => Monotonic.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        Monotonic.CreateTimer(callback, state, dueTime, period);
}
