using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What is known of a supported chip before one is opened: enough to validate a configuration, to scan a bus and to write a model.</summary>
public sealed class SensorChip
{
    private readonly SensorOpening _opening;

    internal SensorChip(SensorOpening opening)
    {
        _opening = opening;
    }

    /// <summary>The datasheet's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures, for people.</summary>
    public required string Description { get; init; }

    /// <summary>The chip that must be on the bus, when it is known there by another name than <see cref="Name"/>; <see langword="null"/> (default) when not.</summary>
    public string? Part { get; init; }

    /// <summary>The kind of bus that the driver needs. Default I2C.</summary>
    public SensorBus Bus { get; init; }

    /// <summary>The I2C addresses that its straps allow, the default first; empty for everything that is not on I2C.</summary>
    public required IReadOnlyList<int> Addresses { get; init; }

    /// <summary>What a sensor with default options measures.</summary>
    public required IReadOnlyList<Quantity> Quantities { get; init; }

    /// <summary>Its settings, each with kind, range, default and description.</summary>
    public IReadOnlyList<SensorOption> Options => _opening.Options;

    /// <summary>Checks options given as texts, without a bus.</summary>
    /// <param name="options">Name and text of each option that is given; names ignore case.</param>
    /// <param name="path">The section that they are in, such as <c>Node:Sensors:room:Options</c>; texts of faults begin with it.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed.</param>
    /// <returns>What a sensor with these options measures; with a fault, what one with default options does.</returns>
    public IReadOnlyList<Quantity> CheckOptions(IReadOnlyDictionary<string, string> options, string path, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(faults);
        return _opening.Check(options, path, faults);
    }

    internal ISensor Open(IBusProvider buses, SensorConnection connection, IReadOnlyDictionary<string, string> options, TimeProvider time) =>
        _opening.Open(buses, connection, options, time);
}
