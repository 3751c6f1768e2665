namespace Node.Sensors.Emulation;

/// <summary>What every chip of a board shares: the world around it and the time since the board was switched on.</summary>
internal sealed class EmulatedSurroundings(Ambient ambient, TimeProvider time, EmulatedGpioChip? gpio = null)
{
    private readonly long _start = time.GetTimestamp();

    public Ambient Ambient { get; } = ambient;

    /// <summary>The pins that interrupt outputs may be wired to; <see langword="null"/> where a chip is tried by itself.</summary>
    public EmulatedGpioChip? Gpio { get; } = gpio;

    public TimeProvider Time { get; } = time;

    public TimeSpan Elapsed => Time.GetElapsedTime(_start);
}
