namespace Node.Sensors.Emulation;

/// <summary>What every chip of a board shares: the world around it, the time since the board was switched on, and the header's pins if there are any.</summary>
internal sealed class EmulatedSurroundings(Ambient ambient, TimeProvider time, EmulatedGpioChip? gpio = null)
{
    private readonly long _start = time.GetTimestamp();

    public Ambient Ambient { get; } = ambient;

    public TimeProvider Time { get; } = time;

    public EmulatedGpioChip? Gpio { get; } = gpio;

    public TimeSpan Elapsed => Time.GetElapsedTime(_start);
}
