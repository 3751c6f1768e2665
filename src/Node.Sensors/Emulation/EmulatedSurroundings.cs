namespace Node.Sensors.Emulation;

/// <summary>What a chip shares with the rest of its board: the world around it, the time since the board was switched on, and the header's pins.</summary>
internal sealed class EmulatedSurroundings
{
    private readonly long _start;
    private readonly ChipFaults? _faults;

    public EmulatedSurroundings(Ambient ambient, TimeProvider time, EmulatedGpioChip? gpio = null)
        : this(ambient, time, gpio, time.GetTimestamp(), null)
    {
    }

    private EmulatedSurroundings(Ambient ambient, TimeProvider time, EmulatedGpioChip? gpio, long start, ChipFaults? faults)
    {
        Ambient = ambient;
        Time = time;
        Gpio = gpio;
        _start = start;
        _faults = faults;
    }

    public Ambient Ambient { get; }

    public TimeSpan Elapsed => Time.GetElapsedTime(_start);

    public TimeProvider Time { get; }

    public EmulatedGpioChip? Gpio { get; }

    /// <summary>The same surroundings as one chip sees them that has faults.</summary>
    public EmulatedSurroundings For(ChipFaults faults) => new(DisturbedStimulus.World(Ambient, faults), Time, Gpio, _start, faults);

    /// <summary>How long something takes that begins now and has this duration in a healthy chip.</summary>
    public TimeSpan Slowed(TimeSpan duration) => _faults?.Slowed(duration, Elapsed) ?? duration;

    /// <summary>What differs from unit to unit and from measurement to measurement.</summary>
    public UnitNoise Noise(int seed, bool enabled) => new(seed, enabled, _faults is { } faults ? faults.Instant : null);

    /// <summary>An output of a chip, wired to a pin or left open.</summary>
    public EmulatedLine Wire(int? pin) => new(Gpio, pin);

    /// <summary>Calls back once after each <see cref="ITimer.Change"/>; for what a chip does at its pins while nobody looks at it.</summary>
    public ITimer CreateTimer(Action callback) =>
        Time.CreateTimer(static state => ((Action)state!)(), callback, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
