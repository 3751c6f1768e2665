namespace Node.Sensors.Emulation;

/// <summary>What every chip of a board shares: the world around it and the time since the board was switched on.</summary>
internal sealed class EmulatedSurroundings(Ambient ambient, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public Ambient Ambient { get; } = ambient;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);
}
