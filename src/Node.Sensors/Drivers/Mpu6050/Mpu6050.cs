using System.Device.Gpio;
using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// InvenSense MPU-6050: three axes of acceleration, three of angular rate, and the chip's temperature over I2C. The chip stays awake and
/// samples by its own clock; a reading is the next sample after the call. Source: product specification PS-MPU-6000A revision 3.4 and
/// register map RM-MPU-6000A revision 4.2.
/// </summary>
public sealed class Mpu6050 : ISensor
{
    /// <summary>0x68 with AD0 low (default), 0x69 with AD0 high.</summary>
    private static readonly int[] Addresses = [0x68, 0x69];

    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 85);

    /// <summary>The gyroscope needs about 30 ms to come up and has no flag for it: PS-MPU-6000A, section 6.1.</summary>
    private static readonly TimeSpan GyroscopeStartUp = TimeSpan.FromMilliseconds(50);

    private readonly Mpu6050Port _port;
    private readonly Mpu6050Settings _settings;
    private readonly Mpu6050Samples? _samples;
    private readonly TimeProvider _time;
    private bool _initialized;

    /// <summary>Takes ownership of the device, not of the controller. No transfer happens yet.</summary>
    /// <param name="device">The chip's address on its bus.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="time">The clock for waits and limits.</param>
    /// <param name="gpio">The header's pins; needed with <see cref="Mpu6050Options.InterruptPin"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="SensorException">The interrupt pin is in use.</exception>
    public Mpu6050(I2cDevice device, Mpu6050Options options, TimeProvider time, GpioController? gpio = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        InterruptInput? interrupt = null;
        if (options.InterruptPin is { } pin)
        {
            ArgumentNullException.ThrowIfNull(gpio);
            interrupt = new InterruptInput(gpio, pin, PinMode.Input, PinEventTypes.Rising);
        }

        _settings = new Mpu6050Settings(options);
        _port = new Mpu6050Port(device, options.TransferAttempts, _settings, interrupt, time);
        _samples = options.BufferSamples ? new Mpu6050Samples(_port, _settings) : null;
        _time = time;
        Quantities = QuantitiesOf(_settings);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Mpu6050Options>(Mpu6050OptionTable.Create(), static options => QuantitiesOf(new Mpu6050Settings(options)),
        static (buses, connection, options, time) =>
        {
            I2cDevice device = buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]);
            return options.InterruptPin is null
                ? new Mpu6050(device, options, time)
                : SensorOpening.WithPins(buses, gpio => new Mpu6050(device, options, time, gpio));
        }))
    {
        Name = "MPU-6050",
        Description = "acceleration and angular rate in three axes, and its own temperature",
        Addresses = Addresses,
        Quantities = QuantitiesOf(new Mpu6050Settings(new Mpu6050Options())),
    };

    /// <inheritdoc/>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        _initialized = false;
        _port.RequireId();
        await _port.ResetAsync(cancellationToken);
        _port.ApplySettings();
        await Task.Delay(GyroscopeStartUp, _time, cancellationToken);
        _samples?.Restart();
        if (_port.HasLostItsSettings()) { throw Mpu6050Fault.LostSettings(_port.Place); }

        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || _port.HasLostItsSettings()) { await InitializeAsync(cancellationToken); }

        Mpu6050Frame frame = await _port.NextSampleAsync(cancellationToken);
        if (frame.IsAccelerationClipped) { throw Mpu6050Fault.AtEndOfRange(_port.Place, "acceleration"); }
        if (frame.IsRateClipped) { throw Mpu6050Fault.AtEndOfRange(_port.Place, "angular rate"); }

        Mpu6050Reading reading = frame.ToReading(_settings);
        double[] values =
        [
            reading.AccelerationXG, reading.AccelerationYG, reading.AccelerationZG,
            reading.RateXDegreesPerSecond, reading.RateYDegreesPerSecond, reading.RateZDegreesPerSecond,
            reading.TemperatureCelsius,
        ];
        return new SensorReading([.. values.Select((value, i) => Checked(Quantities[i], value))]);
    }

    /// <summary>
    /// Takes every whole sample out of the FIFO without waiting for one. When samples were lost in between, what is left is thrown away,
    /// because a FIFO that overflowed no longer begins with a whole sample.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="Mpu6050Options.BufferSamples"/> is off.</exception>
    /// <exception cref="SensorException">The chip does not answer, or lost power while it was read. The next call begins anew.</exception>
    public async ValueTask<Mpu6050Buffer> ReadBufferAsync(CancellationToken cancellationToken)
    {
        if (_samples is null) { throw new InvalidOperationException($"{nameof(Mpu6050Options.BufferSamples)} is off."); }

        if (!_initialized || _port.HasLostItsSettings()) { await InitializeAsync(cancellationToken); }

        try
        {
            return _samples.Take();
        }
        catch (SensorException failure) when (failure.Fault == SensorFault.NotReady)
        {
            _initialized = false;
            throw;
        }
    }

    /// <summary>
    /// Lets the chip push its own sensors and compares with what the factory measured. Takes 40 samples and about 0.2 s of settling; the chip
    /// must lie still. Samples in the FIFO are lost.
    /// </summary>
    /// <exception cref="SensorException">The chip does not answer or gives no samples.</exception>
    public async ValueTask<Mpu6050SelfTest> SelfTestAsync(CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        _initialized = false; // whatever happens next, the settings are those of the test
        Mpu6050SelfTest result = await new Mpu6050SelfTestRun(_port, GyroscopeStartUp + _settings.LongestPeriod, _time).RunAsync(cancellationToken);
        await InitializeAsync(cancellationToken);
        return result;
    }

    /// <summary>Disposes the device and closes the interrupt pin. The chip stays awake.</summary>
    public void Dispose() => _port.Dispose();

    private static Quantity[] QuantitiesOf(Mpu6050Settings settings) =>
    [
        .. "XYZ".Select(axis => new Quantity($"acceleration{axis}", "gForce", -settings.LargestG, settings.LargestG)),
        .. "XYZ".Select(axis => new Quantity($"angularVelocity{axis}", "degreePerSecond", -settings.LargestDegreesPerSecond, settings.LargestDegreesPerSecond)),
        Temperature,
    ];

    private QuantityValue Checked(Quantity quantity, double value)
    {
        if (value >= quantity.Minimum && value <= quantity.Maximum) { return new QuantityValue(quantity, value); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_port.Place}: the MPU-6050's {quantity.Name} of {value:0.###} {quantity.Unit} is outside {quantity.Minimum} to {quantity.Maximum}: check wiring and supply."));
    }
}
