namespace Node.Host.Tests.TestKit;

/// <summary>Real timers under the wall clock of another time source: a thread of its own goes on by itself, and a reading's age is that of the test.</summary>
internal sealed class RealTimeOn(TimeProvider wall) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => wall.GetUtcNow();
}
