using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Bosch BME280: temperature, pressure and relative humidity over I2C. Measures in forced mode: the chip sleeps between measurements.
/// Source: BME280 datasheet BST-BME280-DS002.
/// </summary>
public sealed class Bme280 : ISensor
{
    /// <summary>0x76 with SDO low (default), 0x77 with SDO high; datasheet section 6.2.</summary>
    private static readonly int[] Addresses = [0x76, 0x77];

    /// <summary>Operating ranges: datasheet section 1, table 1 (temperature), 2 (humidity) and 3 (pressure).</summary>
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 85);
    private static readonly Quantity Humidity = new("humidity", "percent", 0, 100);
    private static readonly Quantity Pressure = new("pressure", "kilopascal", 30, 110);

    /// <summary>Start-up and reset take at most 2 ms (section 1.1, table 1); asked every millisecond until twice that.</summary>
    private static readonly TimeSpan StartUpTime = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly I2cRegisters _registers;
    private readonly Bme280Settings _settings;
    private readonly TimeProvider _time;
    private Bme280Calibration? _calibration;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or temperature is skipped.</exception>
    public Bme280(I2cDevice device, Bme280Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _registers = new I2cRegisters(device, options.TransferAttempts);
        _settings = new Bme280Settings(options);
        _time = time;
        Quantities = QuantitiesOf(_settings);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Bme280Options>(Bme280OptionTable.Create(), static options => QuantitiesOf(new Bme280Settings(options)), static (buses, connection, options, time) =>
        new Bme280(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), options, time)))
    {
        Name = "BME280",
        Description = "temperature, relative humidity and air pressure",
        Addresses = Addresses,
        Quantities = [Temperature, Humidity, Pressure],
    };

    /// <inheritdoc/>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        _calibration = null;
        RequireId();
        _registers.Write(Bme280Register.Reset, Bme280Register.ResetWord);
        await WaitUntilClearAsync(Bme280Register.ImageUpdate, StartUpTime, StartUpTime * 2, "its start-up", cancellationToken);
        Bme280Calibration calibration = ReadCalibration();

        // Humidity oversampling takes effect with the measurement control that follows it (section 5.4.3), and the configuration must be
        // written asleep (section 5.4.6). The chip takes several (register, value) pairs in one transaction (section 6.2.1).
        _registers.Write(
            Bme280Register.Configuration, _settings.Configuration,
            Bme280Register.ControlHumidity, _settings.ControlHumidity,
            Bme280Register.ControlMeasurement, _settings.ControlMeasurementAsleep);
        _calibration = calibration;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        Bme280Reading reading = await ReadAsync(cancellationToken);
        List<QuantityValue> values = new(3) { Checked(Temperature, reading.TemperatureCelsius) };
        if (reading.HumidityPercent is { } percent) { values.Add(Checked(Humidity, percent)); }
        if (reading.PressurePascals is { } pascals) { values.Add(Checked(Pressure, pascals / 1000.0)); }

        return new SensorReading(values);
    }

    /// <summary>Disposes the device. The chip stays asleep, as it is after every measurement.</summary>
    public void Dispose() => _registers.Dispose();

    /// <summary>One forced measurement in the datasheet's units, not yet held against the operating ranges.</summary>
    internal async ValueTask<Bme280Reading> ReadAsync(CancellationToken cancellationToken)
    {
        if (_calibration is null || HasLostItsSettings()) { await InitializeAsync(cancellationToken); }

        _registers.Write(Bme280Register.ControlMeasurement, (byte)(_settings.ControlMeasurementAsleep | Bme280Register.ForcedMode));
        await WaitUntilClearAsync(Bme280Register.Measuring, _settings.TypicalTime, _settings.MaximumTime * 2, "a measurement", cancellationToken);
        return Compensate(ReadFrame(), _calibration!);
    }

    private static Quantity[] QuantitiesOf(Bme280Settings settings) =>
        [Temperature, .. settings.MeasuresHumidity ? [Humidity] : Array.Empty<Quantity>(), .. settings.MeasuresPressure ? [Pressure] : Array.Empty<Quantity>()];

    private static string Hex(byte value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X2}");

    private void RequireId()
    {
        byte id = _registers.Read(Bme280Register.Id);
        if (id == Bme280Register.Bme280Id) { return; }

        string text = id switch
        {
            Bme280Register.Bmp280Id => "answers as a BMP280 (id 0x58), which has no humidity channel: fit a BME280, or configure the chip as what it is",
            0x00 or 0xFF => $"answers with id {Hex(id)}, so the data line seems stuck: check wiring and pull-up resistors",
            _ => $"answers with id {Hex(id)} where a BME280 has 0x60: another chip has this address; configure that chip, or change the address strap",
        };
        throw new SensorException(SensorFault.WrongId, $"{_registers.Place}: {text}.");
    }

    /// <summary>
    /// Read twice, because the words carry no checksum and serve every later reading: one bit lost to noise would falsify them all, long after
    /// the noise has gone.
    /// </summary>
    private Bme280Calibration ReadCalibration()
    {
        const int LowLength = Bme280Register.CalibrationLowLength;
        Span<byte> words = stackalloc byte[LowLength + Bme280Register.CalibrationHighLength];
        Span<byte> again = stackalloc byte[words.Length];
        ReadCalibration(words);
        ReadCalibration(again);
        if (!words.SequenceEqual(again))
        {
            throw new SensorException(SensorFault.BadCalibration,
                $"{_registers.Place}: the BME280's factory calibration reads differently twice, so bits get lost on the way: check cable length, pull-up resistors and supply.");
        }

        ReadOnlySpan<byte> low = words[..LowLength];
        ReadOnlySpan<byte> high = words[LowLength..];
        return Bme280Calibration.TryParse(low, high, out Bme280Calibration? calibration)
            ? calibration
            : throw new SensorException(SensorFault.BadCalibration,
                $"{_registers.Place}: the BME280's factory calibration is blank: power-cycle the chip, and replace it if that does not help.");
    }

    private void ReadCalibration(Span<byte> words)
    {
        _registers.Read(Bme280Register.CalibrationLow, words[..Bme280Register.CalibrationLowLength]);
        _registers.Read(Bme280Register.CalibrationHigh, words[Bme280Register.CalibrationLowLength..]);
    }

    /// <summary>
    /// A brown-out puts the control registers back to zero without any other sign. Comparing them before each measurement also finds a chip
    /// that was unplugged and replaced, and costs one transfer of four bytes.
    /// </summary>
    private bool HasLostItsSettings()
    {
        Span<byte> control = stackalloc byte[Bme280Register.ControlLength];
        _registers.Read(Bme280Register.ControlHumidity, control);
        return !_settings.AreInForce(control);
    }

    private async ValueTask WaitUntilClearAsync(byte statusBit, TimeSpan typical, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        TimeSpan wait = typical;
        while (true)
        {
            await Task.Delay(wait, _time, cancellationToken);
            bool late = _time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if ((_registers.Read(Bme280Register.Status) & statusBit) == 0) { return; }

            if (late)
            {
                throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
                    $"{_registers.Place}: the BME280 did not finish {what} in {limit.TotalMilliseconds:0.#} ms: power-cycle it."));
            }

            wait = PollPeriod;
        }
    }

    /// <summary>
    /// One burst, so that no two measurements mix (section 4). It begins at the control registers: if they are back at zero, the chip lost
    /// power while it measured, and what the data registers hold is their reset value, which would pass for weather.
    /// </summary>
    private Bme280Frame ReadFrame()
    {
        Span<byte> raw = stackalloc byte[Bme280Register.ControlToDataLength];
        _registers.Read(Bme280Register.ControlHumidity, raw);
        return _settings.AreInForce(raw)
            ? Bme280Frame.Decode(raw[^Bme280Frame.Length..])
            : throw new SensorException(SensorFault.NotReady, $"{_registers.Place}: the BME280 lost power while it measured: check its supply.");
    }

    private Bme280Reading Compensate(Bme280Frame frame, Bme280Calibration calibration)
    {
        double fine = calibration.FineTemperature(frame.Temperature);
        double? pascals = null;
        if (_settings.MeasuresPressure)
        {
            pascals = calibration.Pascals(frame.Pressure, fine)
                ?? throw new SensorException(SensorFault.OutOfRange, $"{_registers.Place}: the BME280's pressure cannot be computed from its calibration.");
        }

        double? percent = _settings.MeasuresHumidity ? calibration.Percent(frame.Humidity, fine) : null;
        return new Bme280Reading(Bme280Calibration.Celsius(fine), pascals, percent);
    }

    private QuantityValue Checked(Quantity quantity, double value)
    {
        if (value >= quantity.Minimum && value <= quantity.Maximum) { return new QuantityValue(quantity, value); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_registers.Place}: the BME280's {quantity.Name} of {value:0.###} {quantity.Unit} is outside {quantity.Minimum} to {quantity.Maximum}: check wiring and supply."));
    }
}
