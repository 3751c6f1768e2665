namespace Node.Sensors.Emulation;

/// <summary>
/// An output of a chip on the way to a pin. The chip sets a level while its gate is held; whoever opened the gate publishes it afterwards,
/// so that a program told of the edge may use the bus at once.
/// </summary>
internal sealed class EmulatedLine(EmulatedGpioChip? gpio, int? pin)
{
    private volatile Level _level;

    private enum Level
    {
        Floating,
        Low,
        High,
    }

    /// <summary>Whether anybody can see the level.</summary>
    public bool IsWired => gpio is not null && pin is not null;

    /// <summary>What the chip drives; <see langword="null"/> is high impedance.</summary>
    public bool? IsHigh
    {
        get => _level switch
        {
            Level.High => true,
            Level.Low => false,
            _ => null,
        };
        set => _level = value switch
        {
            true => Level.High,
            false => Level.Low,
            _ => Level.Floating,
        };
    }

    /// <summary>Brings the pin to the level of this instant. Of several calls at a time, the last to reach the pin brings the newest level.</summary>
    public void Publish()
    {
        if (gpio is not null && pin is { } number) { gpio.Follow(number, this); }
    }
}
