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

    /// <summary>The BCM number of the pin that its first interrupt output (INT1) is wired to, or <see langword="null"/> for an open output.</summary>
    public int? Interrupt1Pin { get; init; }

    /// <summary>The BCM number of the pin that its second interrupt output (INT2) is wired to, or <see langword="null"/> for an open output.</summary>
    public int? Interrupt2Pin { get; init; }

    /// <summary>How long its conversions take. Default typical.</summary>
    public ConversionTime ConversionTime { get; init; }
}
