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

    /// <summary>How long its conversions take. Default typical.</summary>
    public ConversionTime ConversionTime { get; init; }

    /// <summary>The GPIO line that the chip's interrupt or alert output is wired to, or <see langword="null"/> (default) when it is left open.</summary>
    public int? InterruptPin { get; init; }

    /// <summary>
    /// Whether the unit has the errors that its datasheet allows, drawn from the board's seed: offset, sensitivity, noise. Default
    /// <see langword="false"/>: an ideal chip, which only quantises.
    /// </summary>
    public bool HasTolerances { get; init; }
}
