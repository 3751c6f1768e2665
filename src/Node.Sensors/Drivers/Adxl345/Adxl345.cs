using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Analog Devices ADXL345: acceleration along three axes, over SPI in mode 3. The chip samples all the time and a measurement takes the newest
/// sample that was not read yet; for every sample see <see cref="Adxl345Recorder"/>. Source: ADXL345 datasheet, rev. E.
/// </summary>
public sealed class Adxl345 : ISensor
{
    /// <summary>From standby to the first sample, besides one period; table 1.</summary>
    private static readonly TimeSpan TurnOnTime = TimeSpan.FromMilliseconds(1.1);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(100);

    private readonly Adxl345Registers _registers;
    private readonly Adxl345Newest _newest;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private bool _isConfigured;

    /// <summary>Takes ownership of the device, which must be open in mode 3 with 8-bit words. No exchange happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Adxl345(SpiDevice device, Adxl345Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Adxl345Settings settings = new(options);
        _registers = new Adxl345Registers(device, settings, options.TransferAttempts);
        _newest = new Adxl345Newest(_registers, settings);
        _period = settings.Period;
        _time = time;
        Quantities = QuantitiesOf(options);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Adxl345Options>(Adxl345OptionTable.Create(), QuantitiesOf, Open))
    {
        Name = "ADXL345",
        Description = "acceleration along three axes",
        Bus = SensorBus.Spi,
        Addresses = [],
        Quantities = QuantitiesOf(new Adxl345Options()),
    };

    /// <summary>Opens the chip with the mode and clock that it needs. No exchange happens yet, so an absent bus shows later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static Adxl345 Open(IBusProvider buses, SensorConnection connection, Adxl345Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(buses);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        return new Adxl345(buses.OpenSpi(Adxl345Registers.Connect(connection, options)), options, time);
    }

    /// <summary>Checks the identity, applies the options and begins to sample. The chip has no reset, so every register is written.</summary>
    /// <exception cref="SensorException">The chip does not answer or is another one.</exception>
    public Task InitializeAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _isConfigured = false;
        _registers.Configure();
        _isConfigured = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        Adxl345Reading reading = await ReadAsync(cancellationToken);
        if (reading.IsClipped)
        {
            throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
                $"{_registers.Place}: the ADXL345 measures ({reading.XG:0.##}, {reading.YG:0.##}, {reading.ZG:0.##}) g, an end of its range: choose a larger range."));
        }

        return new SensorReading(
        [
            new QuantityValue(Quantities[0], reading.XG), new QuantityValue(Quantities[1], reading.YG), new QuantityValue(Quantities[2], reading.ZG),
        ]);
    }

    /// <summary>The newest sample that was not read yet; waits for one if need be. A clipped one is returned and marked.</summary>
    /// <exception cref="SensorException">The chip does not answer, is another one, or brings no sample.</exception>
    public async ValueTask<Adxl345Reading> ReadAsync(CancellationToken cancellationToken)
    {
        bool fresh = !_isConfigured;
        if (fresh) { await InitializeAsync(cancellationToken); }

        long start = _time.GetTimestamp();
        while (true)
        {
            bool late = _time.GetElapsedTime(start) >= (_period + TurnOnTime) * 2; // judged before the look, for the sake of a slow scheduler
            switch (_newest.TryTake(out Adxl345Reading reading))
            {
                case Adxl345Look.Sample:
                    return reading;
                case Adxl345Look.LostSettings when fresh:
                    throw new SensorException(SensorFault.NotReady, $"{_registers.Place}: the ADXL345 loses its settings: check its supply.");
                case Adxl345Look.LostSettings:
                    await InitializeAsync(cancellationToken);
                    (fresh, start) = (true, _time.GetTimestamp());
                    break;
                case Adxl345Look.Nothing when late:
                    throw new SensorException(SensorFault.NotReady, $"{_registers.Place}: the ADXL345 brings no sample: power-cycle it.");
                default:
                    break;
            }

            await Task.Delay(TimeSpan.FromTicks(Math.Clamp(_period.Ticks / 4, ShortestPoll.Ticks, LongestPoll.Ticks)), _time, cancellationToken);
        }
    }

    /// <summary>What the chip detected up to the latest measurement, and since this was last asked.</summary>
    public Adxl345Events TakeEvents() => _newest.TakeEvents();

    /// <summary>Disposes the device. The chip goes on sampling, at about 140 µA.</summary>
    public void Dispose() => _registers.Dispose();

    private static Quantity[] QuantitiesOf(Adxl345Options options)
    {
        int most = 2 << (int)options.Range;
        return [new("accelerationX", "gForce", -most, most), new("accelerationY", "gForce", -most, most), new("accelerationZ", "gForce", -most, most)];
    }
}
