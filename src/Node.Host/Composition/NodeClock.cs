namespace Node.Host.Composition;

/// <summary>The node's time: the source of all instants, whether its wall clock can be believed, and how long the process has run.</summary>
internal sealed class NodeClock
{
    // A Pi has no battery clock: it starts in 1970, or at the last shutdown, until the network tells the time.
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DateTimeOffset _earliestPlausible;
    private readonly long _startedAt;
    private readonly TimeSpan _ranBefore;

    /// <summary>Starts the node's clock.</summary>
    /// <param name="time">Source of all instants.</param>
    /// <param name="builtAt">When the program was built: no reading can be older.</param>
    /// <param name="ranBefore">How long the process had run already.</param>
    public NodeClock(TimeProvider time, DateTimeOffset builtAt, TimeSpan ranBefore)
    {
        Time = time;
        _earliestPlausible = builtAt > Earliest ? builtAt : Earliest;
        _startedAt = time.GetTimestamp();
        _ranBefore = ranBefore;
    }

    public TimeProvider Time { get; }

    public DateTimeOffset UtcNow => Time.GetUtcNow();

    /// <summary>Whether the wall clock shows a time that can be: not before 2025 and not before this program was built.</summary>
    public bool IsTimeSynced => UtcNow >= _earliestPlausible;

    /// <summary>Time since the process started, on the monotonic clock.</summary>
    public TimeSpan Uptime => _ranBefore + Time.GetElapsedTime(_startedAt);
}
