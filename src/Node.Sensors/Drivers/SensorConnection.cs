using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>Which chip is connected, and where.</summary>
public sealed record SensorConnection
{
    /// <summary>The chip's name in <see cref="SensorCatalog"/>; case does not matter.</summary>
    public required string Chip { get; init; }

    /// <summary>The number N of <c>/dev/i2c-N</c>. Default 1, the bus on pins 3 and 5 of the Pi's header.</summary>
    public int BusId { get; init; } = 1;

    /// <summary>The chip's 7-bit address, or <see langword="null"/> for the first of <see cref="SensorChip.Addresses"/>. A chip on SPI has none.</summary>
    public int? Address { get; init; }

    /// <summary>The number B of <c>/dev/spidevB.C</c>, for a chip on SPI. Default 0, the bus on pins 19, 21 and 23 of the Pi's header.</summary>
    public int SpiBusId { get; init; }

    /// <summary>The chip select C of <c>/dev/spidevB.C</c>, for a chip on SPI. Default 0.</summary>
    public int ChipSelect { get; init; }

    /// <summary>The multiplexer's channel that the chip hangs behind, or <see langword="null"/> (default) when it is on the bus itself.</summary>
    public I2cMuxChannel? Mux { get; init; }
}
