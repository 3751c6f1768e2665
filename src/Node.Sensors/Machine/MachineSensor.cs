using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Sensors.Machine;

/// <summary>
/// The machine that the program runs on, as a sensor: temperature, under-voltage and throttling of the Pi, load, memory, disk, uptime, network.
/// What a machine cannot tell when the sensor is opened is no quantity of it; what it cannot tell at one moment is missing from that reading.
/// </summary>
public sealed class MachineSensor : ISensor
{
    private readonly MachineValue[] _values;

    /// <summary>Looks what the machine can tell.</summary>
    /// <exception cref="ArgumentException">An option is empty or no name.</exception>
    /// <exception cref="SensorException">It can tell nothing (<see cref="SensorFault.BusUnavailable"/>).</exception>
    public MachineSensor(MachineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        MachineFiles files = new(options.RootFolder);
        _values =
        [
            .. new SocSources(files).Find(), .. new ProcessorSources(files).Find(), .. new DiskSources(options.DiskFolder).Find(),
            .. new NetworkSources(files, options.NetworkInterface).Find(),
        ];
        Quantities = [.. _values.Select(static value => value.Quantity)];
        if (_values.Length == 0)
        {
            throw new SensorException(SensorFault.BusUnavailable, $"{options.RootFolder}: holds neither proc nor sys of Linux: map the host's into the container, or leave the machine sensor out.");
        }
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<MachineOptions>(Table(), QuantitiesOf, static (_, _, options, _) => new MachineSensor(options)))
    {
        Name = "Machine",
        Description = "the node itself: temperature, throttling, load, memory, disk, uptime, network",
        Bus = SensorBus.Machine,
        Addresses = [],
        Quantities = [.. SocSources.Quantities, .. ProcessorSources.Quantities, .. DiskSources.Quantities, .. NetworkSources.Quantities],
    };

    /// <summary>Nothing is to be set.</summary>
    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<QuantityValue> values = new(_values.Length);
        foreach ((Quantity quantity, Func<double?> read) in _values)
        {
            if (read() is { } value && value >= quantity.Minimum && value <= quantity.Maximum) { values.Add(new QuantityValue(quantity, value)); }
        }

        return values.Count > 0
            ? ValueTask.FromResult(new SensorReading(values))
            : throw new SensorException(SensorFault.BusFailure, "Machine: none of the kernel's files can be read any more: look whether proc and sys are still mounted.");
    }

    /// <summary>Holds nothing.</summary>
    public void Dispose()
    {
    }

    /// <summary>What this machine can tell; every quantity there is when it can tell nothing.</summary>
    private static IReadOnlyList<Quantity> QuantitiesOf(MachineOptions options)
    {
        try
        {
            return new MachineSensor(options).Quantities;
        }
        catch (SensorException)
        {
            return CatalogEntry.Quantities;
        }
    }

    private static SensorOptionTable<MachineOptions> Table() => new SensorOptionTable<MachineOptions>(new(), static options => options.Validate())
        .Text("RootFolder", "the folder that holds proc and sys", "/", static (o, text) => o with { RootFolder = text })
        .Text("DiskFolder", "a folder on the disk whose space is measured", "/", static (o, text) => o with { DiskFolder = text })
        .Text("NetworkInterface", "the network interface to measure, such as wlan0; left out, the one with the default route", "", static (o, text) => o with { NetworkInterface = text });
}
