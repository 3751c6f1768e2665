using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// ROHM BH1750FVI: illuminance over I2C. Source: BH1750FVI technical note 2009.04 revision B. The chip has no id, no status and no checksum:
/// its data register, set to zero before a measurement, is the only sign of its life.
/// </summary>
public sealed class Bh1750 : ISensor
{
    /// <summary>The light that the technical note promises to measure, with the shortest measurement time.</summary>
    private const double MostLux = 100_000;

    /// <summary>0x23 with ADDR low (default), 0x5C with ADDR high; I2C bus access.</summary>
    private static readonly int[] Addresses = [0x23, 0x5C];

    private static readonly Quantity FullRange = new("illuminance", "lux", 0, MostLux);

    private readonly Bh1750Port _port;
    private readonly Bh1750Options _options;
    private readonly Bh1750Exposure _exposure;
    private bool _initialized;
    private bool _runs;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Bh1750(I2cDevice device, Bh1750Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _port = new Bh1750Port(new I2cTransfers(device, options.TransferAttempts), time);
        _options = options;
        _exposure = new Bh1750Exposure(options.Resolution, options.MeasurementTime);
        Quantities = QuantitiesOf(options);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Bh1750Options>(Bh1750OptionTable.Create(), QuantitiesOf, static (buses, connection, options, time) =>
        new Bh1750(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), options, time)))
    {
        Name = "BH1750",
        Description = "illuminance",
        Addresses = Addresses,
        Quantities = [FullRange],
    };

    /// <inheritdoc/>
    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _initialized = false;
        _runs = false;
        _port.Identify();
        _initialized = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized) { await InitializeAsync(cancellationToken); }

        Bh1750Exposure exposure = _exposure;
        int raw = _options.Continuous ? await WatchAsync(cancellationToken) : await MeasureOnceAsync(exposure, cancellationToken);
        if (raw == 0)
        {
            raw = await MeasureOnceAsync(exposure, cancellationToken); // darkness, or a chip that lost power meanwhile: only a second look can tell
        }

        if (raw == Bh1750Exposure.Saturated && _options.ExtendsRange)
        {
            exposure = Bh1750Exposure.Widest;
            raw = await MeasureOnceAsync(exposure, cancellationToken);
        }

        return new SensorReading([Checked(raw, exposure)]);
    }

    /// <summary>Disposes the device. A chip that measures continuously goes on doing so.</summary>
    public void Dispose() => _port.Dispose();

    private static Quantity[] QuantitiesOf(Bh1750Options options)
    {
        double ownRange = new Bh1750Exposure(options.Resolution, options.MeasurementTime).Lux(Bh1750Exposure.Saturated, options.CountsPerLux);
        return [options.ExtendsRange ? FullRange : FullRange with { Maximum = Math.Min(MostLux, ownRange) }];
    }

    /// <summary>The newest of the chip's own measurements; the first one after the start is waited for.</summary>
    private async Task<int> WatchAsync(CancellationToken cancellationToken)
    {
        if (!_runs)
        {
            _port.Start(_exposure, Bh1750Command.Continuously(_exposure.Resolution));
            int first = await _port.WaitForDataAsync(_exposure, cancellationToken);
            _runs = true;
            return first;
        }

        return _port.ReadData();
    }

    private async Task<int> MeasureOnceAsync(Bh1750Exposure exposure, CancellationToken cancellationToken)
    {
        _runs = false;
        _port.Start(exposure, Bh1750Command.Once(exposure.Resolution));
        return await _port.WaitForDataAsync(exposure, cancellationToken);
    }

    private QuantityValue Checked(int raw, Bh1750Exposure exposure)
    {
        double lux = exposure.Lux(raw, _options.CountsPerLux);
        if (raw != Bh1750Exposure.Saturated) { return Quantities[0].Checked(lux, _port.Place, Chip); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_port.Place}: the BH1750 is blinded by more than {lux:0} lux: shade it, or let it extend its range (a shorter measurement time)."));
    }
}
