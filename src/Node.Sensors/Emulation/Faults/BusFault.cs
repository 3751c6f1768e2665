namespace Node.Sensors.Emulation;

/// <summary>
/// One deliberate failure on the time line of a board. It concerns a chip by its name, or a whole bus by its number; with neither, every
/// chip of the board. What a kind does not use is ignored.
/// </summary>
public sealed record BusFault
{
    /// <summary>What goes wrong.</summary>
    public required BusFaultKind Kind { get; init; }

    /// <summary>When it begins, counted from when the board was switched on. Default at once.</summary>
    public TimeSpan At { get; init; }

    /// <summary>How long it lasts; <see langword="null"/> (default) for ever, and for a brown-out one instant.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The chip it concerns, by <see cref="EmulatedChipOptions.Name"/>.</summary>
    public string? Chip { get; init; }

    /// <summary>The I2C bus it concerns, when it is not one chip's.</summary>
    public int? I2cBus { get; init; }

    /// <summary>The SPI bus it concerns, when it is not one chip's.</summary>
    public int? SpiBus { get; init; }

    /// <summary>How likely a transfer is concerned, and with bit flips how likely each bit. Default 1 (bit flips: 0.01); 0 to 1.</summary>
    public double? Probability { get; init; }

    /// <summary>The number that the program sees, or <see langword="null"/> for the kind's own: 121, 110 or 5.</summary>
    public int? Errno { get; init; }

    /// <summary>How many bytes of a write are taken before one is not acknowledged. Default 0.</summary>
    public int ByteIndex { get; init; }

    /// <summary>Which way bits flip. Default from the chip to the host.</summary>
    public FlipDirection Direction { get; init; }

    /// <summary>What the identity register shows. Default 0xA5, which no supported chip has; 0x00 and 0xFF look like a stuck line.</summary>
    public byte Id { get; init; } = 0xA5;

    /// <summary>How long the clock is held. Default 5 s; the controller's patience is <see cref="ControllerPatience"/>.</summary>
    public TimeSpan Stretch { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>By what a slow conversion's time is multiplied. Default 10; greater than 0.</summary>
    public double Factor { get; init; } = 10;

    /// <summary>The quantity that saturates or drifts, such as <c>temperatureCelsius</c>; <see langword="null"/> for all that the chip measures.</summary>
    public string? Quantity { get; init; }

    /// <summary>How much a drifting quantity gains in an hour, in its unit. Default 1.</summary>
    public double PerHour { get; init; } = 1;

    /// <summary>Whether saturation is at the upper end (default) or the lower.</summary>
    public bool IsHigh { get; init; } = true;

    /// <summary>Whether nine pulses of the clock free a stuck bus. Default <see langword="true"/>; otherwise only the fault's end does.</summary>
    public bool EndsWithPulses { get; init; } = true;

    /// <summary>How long the kernel waits for a transfer: one second, its default for I2C adapters.</summary>
    public static TimeSpan ControllerPatience { get; } = TimeSpan.FromSeconds(1);

    /// <summary>When it is over; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan End => Duration is { } length ? At + length : TimeSpan.MaxValue;

    /// <summary>Whether it is in force at an instant.</summary>
    public bool IsActiveAt(TimeSpan elapsed) => elapsed >= At && elapsed < End;

    internal bool Concerns(string chip, int? i2cBus, int? spiBus) =>
        Chip is not null ? string.Equals(Chip, chip, StringComparison.OrdinalIgnoreCase)
        : (I2cBus is null && SpiBus is null) || (I2cBus is not null && I2cBus == i2cBus) || (SpiBus is not null && SpiBus == spiBus);
}
