using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>One chip of an emulated board.</summary>
public sealed record EmulatedChipOptions
{
    /// <summary>The datasheet's name; case does not matter.</summary>
    public required string Chip { get; init; }

    /// <summary>The I2C bus it hangs on. Default 1.</summary>
    public int BusId { get; init; } = 1;

    /// <summary>Its address, or <see langword="null"/> for the one that the chip has with its straps open.</summary>
    public int? Address { get; init; }

    /// <summary>The SPI bus it hangs on, for a chip with SPI. Default 0.</summary>
    public int SpiBusId { get; init; }

    /// <summary>The chip select of that bus it is wired to, for a chip with SPI. Default 0.</summary>
    public int ChipSelect { get; init; }

    /// <summary>How long its conversions take. Default typical.</summary>
    public ConversionTime ConversionTime { get; init; }

    /// <summary>The GPIO line that the chip's interrupt or alert output is wired to, or <see langword="null"/> (default) when it is left open.</summary>
    public int? InterruptPin { get; init; }

    /// <summary>
    /// Whether the unit has the errors that its datasheet allows, drawn from the board's seed: offset, sensitivity, noise. Default
    /// <see langword="false"/>: an ideal chip, which only quantises.
    /// </summary>
    public bool HasTolerances { get; init; }

    /// <summary>The pin that its second interrupt output is wired to. Default <see langword="null"/>: not wired. A chip without such an output ignores it.</summary>
    public int? SecondInterruptPin { get; init; }

    /// <summary>The voltage on the reference input of a converter that has one, in volts. Default 3.3.</summary>
    public double ReferenceVolts { get; init; } = 3.3;

    /// <summary>By which fault plans name it, unique on its board; <see langword="null"/> (default) for the chip's name in lower case, with a number from the second one on.</summary>
    public string? Name { get; init; }

    /// <summary>The multiplexer's channel it hangs behind, or <see langword="null"/> (default) when it is on the bus itself. I2C only.</summary>
    public I2cMuxChannel? Mux { get; init; }

    /// <summary>The pin that its reset input is wired to. Default <see langword="null"/>: held inactive. A chip without such an input ignores it.</summary>
    public int? ResetPin { get; init; }
}
