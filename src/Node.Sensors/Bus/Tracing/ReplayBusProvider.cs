using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>
/// A recorded trace as buses: chips answer what they answered then, failures included, and edges come when they came. In strict mode a transfer
/// that is not the next of its bus ends with a <see cref="SensorException"/> that shows both; the program's I/O on other buses goes on.
/// Safe for use by several threads.
/// </summary>
public sealed class ReplayBusProvider : IBusProvider
{
    private readonly BusTrace _trace;
    private readonly ReplayMode _mode;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ConcurrentDictionary<string, ReplayedBus> _buses = new(StringComparer.Ordinal);

    /// <summary>Begins a replay: the trace's time is zero now.</summary>
    public ReplayBusProvider(BusTrace trace, ReplayMode mode, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(time);
        _trace = trace;
        _mode = mode;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public string Name => "replay";

    /// <summary>How many transfers of the trace nobody has asked for yet. Only strict mode counts them.</summary>
    public int Remaining => _trace.Entries.GroupBy(static entry => entry.Bus, StringComparer.Ordinal)
        .Where(static bus => bus.Key != BusTraceFormat.Gpio).Sum(bus => Bus(bus.Key).Remaining);

    /// <inheritdoc/>
    public I2cDevice OpenI2c(int busId, int address)
    {
        I2cAddress.ThrowIfNotUsable(busId, address);
        return new ReplayedI2cDevice(Bus(string.Create(CultureInfo.InvariantCulture, $"i2c-{busId}")), busId, address);
    }

    /// <inheritdoc/>
    public SpiDevice OpenSpi(SpiConnectionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new ReplayedSpiDevice(Bus(string.Create(CultureInfo.InvariantCulture, $"spi-{settings.BusId}.{settings.ChipSelectLine}")), settings);
    }

    /// <inheritdoc/>
    public GpioController OpenGpio() => new(new ReplayedGpioDriver([.. _trace.Entries.Where(static entry => entry.Bus == BusTraceFormat.Gpio)], _mode, _time, _start));

    /// <summary>Holds nothing; devices belong to their openers.</summary>
    public void Dispose()
    {
    }

    private ReplayedBus Bus(string name) => _buses.GetOrAdd(name, static (bus, owner) => owner._mode == ReplayMode.Strict
        ? new StrictReplay(bus, owner.EntriesOf(bus))
        : new LenientReplay(bus, owner.EntriesOf(bus), owner._time, owner._start), this);

    private BusTraceEntry[] EntriesOf(string bus) => [.. _trace.Entries.Where(entry => entry.Bus == bus)];
}
