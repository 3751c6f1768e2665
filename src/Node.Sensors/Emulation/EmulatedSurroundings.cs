namespace Node.Sensors.Emulation;

/// <summary>What every chip of a board shares: the world around it, the time since the board was switched on, and the header's pins.</summary>
internal sealed class EmulatedSurroundings(Ambient ambient, TimeProvider time, EmulatedGpioChip? gpio = null)
{
    private readonly long _start = time.GetTimestamp();

    public Ambient Ambient { get; } = ambient;

    public TimeSpan Elapsed => Time.GetElapsedTime(_start);

    public TimeProvider Time { get; } = time;

    public EmulatedGpioChip? Gpio { get; } = gpio;

    /// <summary>An output of a chip, wired to a pin or left open.</summary>
    public EmulatedLine Wire(int? pin) => new(Gpio, pin);

    /// <summary>Calls back once after each <see cref="ITimer.Change"/>; for what a chip does at its pins while nobody looks at it.</summary>
    public ITimer CreateTimer(Action callback) =>
        Time.CreateTimer(static state => ((Action)state!)(), callback, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
