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

    private readonly Bme280Port _port;
    private readonly Bme280Settings _settings;
    private Bme280Calibration? _calibration;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or temperature is skipped.</exception>
    public Bme280(I2cDevice device, Bme280Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _settings = new Bme280Settings(options);
        _port = new Bme280Port(device, options.TransferAttempts, _settings, time);
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
        _port.RequireId();
        await _port.ResetAsync(cancellationToken);
        Bme280Calibration calibration = _port.ReadCalibration();
        _port.ApplySettings();
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
    public void Dispose() => _port.Dispose();

    /// <summary>One forced measurement in the datasheet's units, not yet held against the operating ranges.</summary>
    internal async ValueTask<Bme280Reading> ReadAsync(CancellationToken cancellationToken)
    {
        if (_calibration is null || _port.HasLostItsSettings()) { await InitializeAsync(cancellationToken); }

        return Compensate(await _port.MeasureAsync(cancellationToken), _calibration!);
    }

    private static Quantity[] QuantitiesOf(Bme280Settings settings) =>
        [Temperature, .. settings.MeasuresHumidity ? [Humidity] : Array.Empty<Quantity>(), .. settings.MeasuresPressure ? [Pressure] : Array.Empty<Quantity>()];

    private Bme280Reading Compensate(Bme280Frame frame, Bme280Calibration calibration)
    {
        double fine = calibration.FineTemperature(frame.Temperature);
        double? pascals = null;
        if (_settings.MeasuresPressure)
        {
            pascals = calibration.Pascals(frame.Pressure, fine)
                ?? throw new SensorException(SensorFault.OutOfRange, $"{_port.Place}: the BME280's pressure cannot be computed from its calibration.");
        }

        double? percent = _settings.MeasuresHumidity ? calibration.Percent(frame.Humidity, fine) : null;
        return new Bme280Reading(Bme280Calibration.Celsius(fine), pascals, percent);
    }

    private QuantityValue Checked(Quantity quantity, double value)
    {
        if (value >= quantity.Minimum && value <= quantity.Maximum) { return new QuantityValue(quantity, value); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_port.Place}: the BME280's {quantity.Name} of {value:0.###} {quantity.Unit} is outside {quantity.Minimum} to {quantity.Maximum}: check wiring and supply."));
    }
}
