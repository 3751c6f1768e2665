using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What is known of a supported chip before one is opened: enough to validate a configuration, to scan a bus and to write a model.</summary>
public sealed class SensorChip
{
    internal SensorChip(Func<IBusProvider, SensorConnection, TimeProvider, ISensor> open)
    {
        Open = open;
    }

    /// <summary>The datasheet's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures, for people.</summary>
    public required string Description { get; init; }

    /// <summary>The kind of bus that the driver needs. Default I2C.</summary>
    public SensorBus Bus { get; init; }

    /// <summary>The I2C addresses that its straps allow, the default first; empty for a chip on SPI.</summary>
    public required IReadOnlyList<int> Addresses { get; init; }

    /// <summary>What a sensor with default options measures.</summary>
    public required IReadOnlyList<Quantity> Quantities { get; init; }

    internal Func<IBusProvider, SensorConnection, TimeProvider, ISensor> Open { get; }
}
