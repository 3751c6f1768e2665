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
    private const int SelfTestSamples = 20;

    /// <summary>0x68 with AD0 low (default), 0x69 with AD0 high.</summary>
    private static readonly int[] Addresses = [0x68, 0x69];

    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 85);

    /// <summary>A reset takes at most 100 ms; asked every millisecond until twice that.</summary>
    private static readonly TimeSpan ResetTime = TimeSpan.FromMilliseconds(100);

    /// <summary>The gyroscope needs about 30 ms to come up and has no flag for it: PS-MPU-6000A, section 6.1.</summary>
    private static readonly TimeSpan GyroscopeStartUp = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly I2cRegisters _registers;
    private readonly I2cRegisters _registersOnce;
    private readonly Mpu6050Settings _settings;
    private readonly Mpu6050Options _options;
    private readonly InterruptInput? _interrupt;
    private readonly TimeProvider _time;
    private bool _initialized;
    private bool _fifoOverflowed;

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
        _registers = new I2cRegisters(device, options.TransferAttempts);
        _registersOnce = new I2cRegisters(device, attempts: 1);
        _settings = new Mpu6050Settings(options);
        _options = options;
        _time = time;
        Quantities = QuantitiesOf(_settings);
        if (options.InterruptPin is { } pin)
        {
            ArgumentNullException.ThrowIfNull(gpio);
            _interrupt = new InterruptInput(gpio, pin, PinMode.Input, PinEventTypes.Rising);
        }
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(static (buses, connection, time) =>
        new Mpu6050(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), new Mpu6050Options(), time))
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
        byte id = _registers.Read(Mpu6050Register.WhoAmI);
        if (id != Mpu6050Register.Mpu6050Id) { throw Mpu6050Fault.WrongId(_registers.Place, id); }

        _registers.Write(Mpu6050Register.PowerManagement1, Mpu6050Register.DeviceReset);
        await WaitForResetAsync(cancellationToken);
        _registers.Write(Mpu6050Register.PowerManagement1, Mpu6050Register.AwakeOnGyroscopeClock);
        _registers.Write([Mpu6050Register.SampleRateDivider, .. _settings.Sampling]);
        _registers.Write(Mpu6050Register.InterruptPin, Mpu6050Register.LatchedInterrupt, _settings.InterruptEnable);
        await Task.Delay(GyroscopeStartUp, _time, cancellationToken);
        if (_options.BufferSamples) { RestartFifo(); }
        if (HasLostItsSettings()) { throw Mpu6050Fault.LostSettings(_registers.Place); }

        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || HasLostItsSettings()) { await InitializeAsync(cancellationToken); }

        Mpu6050Frame frame = await NextSampleAsync(cancellationToken);
        if (frame.IsAccelerationClipped) { throw Mpu6050Fault.AtEndOfRange(_registers.Place, "acceleration"); }
        if (frame.IsRateClipped) { throw Mpu6050Fault.AtEndOfRange(_registers.Place, "angular rate"); }

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
        if (!_options.BufferSamples) { throw new InvalidOperationException($"{nameof(Mpu6050Options.BufferSamples)} is off."); }

        if (!_initialized || HasLostItsSettings())
        {
            bool isFirst = !_initialized;
            await InitializeAsync(cancellationToken);
            return new Mpu6050Buffer([], SamplesWereLost: !isFirst);
        }

        byte[] raw = ReadFifo();
        ReadStatus();
        if (HasLostItsSettings())
        {
            _initialized = false;
            throw Mpu6050Fault.LostSettings(_registers.Place); // an empty FIFO repeats a byte, which would pass for a sample
        }

        if (_fifoOverflowed)
        {
            RestartFifo();
            return new Mpu6050Buffer([], SamplesWereLost: true);
        }

        return new Mpu6050Buffer([.. raw.Chunk(Mpu6050Frame.Length).Select(bytes => Mpu6050Frame.Decode(bytes).ToReading(_settings))], SamplesWereLost: false);
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
        byte[] trims = new byte[Mpu6050Register.SelfTestLength];
        _registers.Read(Mpu6050Register.SelfTest, trims);
        double[] without = await MeanAsync(0, cancellationToken);
        double[] with = await MeanAsync(Mpu6050Register.SelfTestOn, cancellationToken);
        await InitializeAsync(cancellationToken);
        return Mpu6050SelfTest.Judge(trims, [.. with.Zip(without, static (on, off) => on - off)]);
    }

    /// <summary>Disposes the device and closes the interrupt pin. The chip stays awake.</summary>
    public void Dispose()
    {
        _interrupt?.Dispose();
        _registers.Dispose();
    }

    private static Quantity[] QuantitiesOf(Mpu6050Settings settings) =>
    [
        .. "XYZ".Select(axis => new Quantity($"acceleration{axis}", "gForce", -settings.LargestG, settings.LargestG)),
        .. "XYZ".Select(axis => new Quantity($"angularVelocity{axis}", "degreePerSecond", -settings.LargestDegreesPerSecond, settings.LargestDegreesPerSecond)),
        Temperature,
    ];

    private async ValueTask WaitForResetAsync(CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        while (true)
        {
            await Task.Delay(PollPeriod, _time, cancellationToken);
            bool late = _time.GetElapsedTime(start) >= ResetTime * 2; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if ((_registers.Read(Mpu6050Register.PowerManagement1) & Mpu6050Register.DeviceReset) == 0) { return; }

            if (late) { throw Mpu6050Fault.NotReady(_registers.Place, "its reset", ResetTime * 2); }
        }
    }

    /// <summary>
    /// Waits for a sample that was taken after this call began. Status and data come in one burst: the ready bit says that these very data
    /// are new, and a chip that lost power in between never sets it.
    /// </summary>
    private async ValueTask<Mpu6050Frame> NextSampleAsync(CancellationToken cancellationToken)
    {
        _interrupt?.Arm();
        ReadStatus();
        long start = _time.GetTimestamp();
        TimeSpan limit = (_settings.LongestPeriod * 2) + PollPeriod;
        if (_interrupt is null) { await Task.Delay(_settings.Period, _time, cancellationToken); }
        else { await _interrupt.WaitAsync(_settings.LongestPeriod, _time, cancellationToken); }

        byte[] raw = new byte[Mpu6050Register.StatusToDataLength];
        while (true)
        {
            bool late = _time.GetElapsedTime(start) >= limit;
            _registers.Read(Mpu6050Register.InterruptStatus, raw);
            Remember(raw[0]);
            if ((raw[0] & Mpu6050Register.DataReady) != 0) { return Mpu6050Frame.Decode(raw.AsSpan(1)); }

            if (late) { throw Mpu6050Fault.NotReady(_registers.Place, "a sample", limit); }

            await Task.Delay(PollPeriod, _time, cancellationToken);
        }
    }

    private async ValueTask<double[]> MeanAsync(byte selfTest, CancellationToken cancellationToken)
    {
        _registers.Write(
            Mpu6050Register.GyroscopeConfiguration,
            (byte)(selfTest | Mpu6050Register.SelfTestGyroscopeRange), (byte)(selfTest | Mpu6050Register.SelfTestAccelerometerRange));
        await Task.Delay(GyroscopeStartUp + _settings.LongestPeriod, _time, cancellationToken);
        double[] sums = new double[6];
        for (int sample = 0; sample < SelfTestSamples; sample++)
        {
            Mpu6050Frame frame = await NextSampleAsync(cancellationToken);
            short[] words = [frame.AccelerationX, frame.AccelerationY, frame.AccelerationZ, frame.RateX, frame.RateY, frame.RateZ];
            for (int axis = 0; axis < sums.Length; axis++) { sums[axis] += words[axis]; }
        }

        return [.. sums.Select(static sum => sum / SelfTestSamples)];
    }

    /// <summary>A read of the FIFO that fails is not repeated: the bytes that it took are gone, and the rest would begin inside a sample.</summary>
    private byte[] ReadFifo()
    {
        Span<byte> count = stackalloc byte[2];
        _registers.Read(Mpu6050Register.FifoCount, count);
        byte[] raw = new byte[((count[0] << 8) | count[1]) / Mpu6050Frame.Length * Mpu6050Frame.Length];
        try
        {
            if (raw.Length > 0) { _registersOnce.Read(Mpu6050Register.FifoData, raw); }
        }
        catch (SensorException)
        {
            _fifoOverflowed = true; // restart it at the next call, when the bus may be better
            throw;
        }

        return raw;
    }

    private void RestartFifo()
    {
        _registers.Write(Mpu6050Register.UserControl, Mpu6050Register.FifoReset);
        ReadStatus();
        _fifoOverflowed = false;
        _registers.Write(Mpu6050Register.FifoEnable, _settings.FifoEnable);
        _registers.Write(Mpu6050Register.UserControl, Mpu6050Register.FifoOn);
    }

    /// <summary>Reading the status clears it, so what it says of the FIFO is kept here.</summary>
    private void ReadStatus() => Remember(_registers.Read(Mpu6050Register.InterruptStatus));

    private void Remember(byte status) => _fifoOverflowed |= (status & Mpu6050Register.FifoOverflow) != 0;

    /// <summary>A brown-out puts the chip back to sleep and its settings to zero without any other sign.</summary>
    private bool HasLostItsSettings()
    {
        Span<byte> sampling = stackalloc byte[Mpu6050Register.SamplingLength];
        _registers.Read(Mpu6050Register.SampleRateDivider, sampling);
        return !sampling.SequenceEqual(_settings.Sampling)
            || _registers.Read(Mpu6050Register.PowerManagement1) != Mpu6050Register.AwakeOnGyroscopeClock;
    }

    private QuantityValue Checked(Quantity quantity, double value)
    {
        if (value >= quantity.Minimum && value <= quantity.Maximum) { return new QuantityValue(quantity, value); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_registers.Place}: the MPU-6050's {quantity.Name} of {value:0.###} {quantity.Unit} is outside {quantity.Minimum} to {quantity.Maximum}: check wiring and supply."));
    }
}
