using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>Sensirion SCD41: carbon dioxide, temperature and relative humidity over I2C. Source: SCD4x datasheet version 1.4.</summary>
public sealed class Scd41 : ISensor
{
    /// <summary>The only one; section 3.1.</summary>
    private static readonly int[] Addresses = [0x62];

    /// <summary>Output range of the carbon dioxide (table 1; accuracy is promised from 400 to 5,000 ppm) and operating ranges (tables 2, 3 and 6).</summary>
    private static readonly Quantity CarbonDioxide = new("carbonDioxide", "partsPerMillion", 1, 40_000);
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -10, 60);
    private static readonly Quantity Humidity = new("humidity", "percent", 0, 100);

    private readonly Scd41Link _link;
    private readonly Scd41Settings _settings;
    private readonly Scd41Setup _setup;
    private readonly Scd41Measurements _measurements;
    private bool _initialized;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Scd41(I2cDevice device, Scd41Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _link = new Scd41Link(new SensirionCommands(device, options.TransferAttempts, time), time);
        _settings = new Scd41Settings(options);
        _setup = new Scd41Setup(_link, _settings);
        _measurements = new Scd41Measurements(_link, _settings, time);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => CatalogEntry.Quantities;

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Scd41Options>(Scd41OptionTable.Create(), static _ => [CarbonDioxide, Temperature, Humidity], static (buses, connection, options, time) =>
        new Scd41(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), options, time)))
    {
        Name = "SCD41",
        Description = "carbon dioxide, temperature and relative humidity",
        Addresses = Addresses,
        Quantities = [CarbonDioxide, Temperature, Humidity],
    };

    /// <inheritdoc/>
    /// <remarks>Takes six tenths of a second; in periodic mode the first measurement ends five or thirty seconds later.</remarks>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        _initialized = false;
        await _setup.ApplyAsync(cancellationToken);
        _measurements.BeginRhythm();
        _measurements.DiscardsNext = !_settings.IsPeriodic; // section 3.10.1: the first single shot after power-up is not to be used
        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || await _setup.IsLostAsync(cancellationToken)) { await InitializeAsync(cancellationToken); }

        Scd41Frame frame = await ReadAsync(cancellationToken);
        return new SensorReading(
        [
            CarbonDioxide.Checked(frame.CarbonDioxide, _link.Place, Chip),
            Temperature.Checked(frame.Celsius, _link.Place, Chip),
            Humidity.Checked(frame.Percent, _link.Place, Chip),
        ]);
    }

    /// <summary>Tells the chip the air pressure in pascals, 70,000 to 120,000, for instance from a barometer beside it. Holds from the next measurement on, also after a brown-out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pressure is outside the range.</exception>
    /// <exception cref="SensorException">The bus failed.</exception>
    public void SetAmbientPressure(double pascals)
    {
        Scd41Settings.ThrowUnlessPressure(pascals, nameof(pascals));
        ushort word = Scd41Settings.PressureWord(pascals);
        _settings.Pressure = word;
        if (_initialized) { _link.Commands.Send(Scd41Command.AmbientPressure, word); } // the one setting that a measuring chip takes: section 3.6.5
    }

    /// <summary>
    /// Tells the chip what the carbon dioxide is now, 400 to 2,000 ppm, by another instrument. It must have measured for three minutes at this
    /// value. Measuring begins anew afterwards, with the next call.
    /// </summary>
    /// <returns>The correction in ppm that is in force now.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range.</exception>
    /// <exception cref="SensorException">The chip refused (<see cref="SensorFault.NotReady"/>), or the bus failed.</exception>
    public async Task<int> ForceRecalibrationAsync(int partsPerMillion, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partsPerMillion, 400);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partsPerMillion, 2_000);
        await EnterIdleAsync(cancellationToken);
        ushort answer = await _link.AskAsync(Scd41Command.ForcedRecalibration, (ushort)partsPerMillion, TimeSpan.FromMilliseconds(400), cancellationToken);
        return answer != Scd41Command.RecalibrationFailed
            ? answer - Scd41Command.NoCorrection
            : throw new SensorException(SensorFault.NotReady, $"{_link.Place}: the SCD41 refused the recalibration: let it measure for three minutes before.");
    }

    /// <summary>Lets the chip test itself, which takes ten seconds. Measuring begins anew afterwards, with the next call.</summary>
    /// <returns><see langword="false"/> when the chip found itself broken.</returns>
    /// <exception cref="SensorException">The bus failed.</exception>
    public async Task<bool> TestItselfAsync(CancellationToken cancellationToken)
    {
        await EnterIdleAsync(cancellationToken);
        return await _link.AskAsync(Scd41Command.SelfTest, null, TimeSpan.FromSeconds(10), cancellationToken) == 0;
    }

    /// <summary>
    /// Writes offset, altitude and self-calibration into the chip's memory, which bears 2,000 writes. This driver does not need it: it writes
    /// them at each start. Measuring begins anew afterwards, with the next call.
    /// </summary>
    /// <exception cref="SensorException">The bus failed.</exception>
    public async Task PersistSettingsAsync(CancellationToken cancellationToken)
    {
        await EnterIdleAsync(cancellationToken);
        await _link.DoAsync(Scd41Command.PersistSettings, TimeSpan.FromMilliseconds(800), cancellationToken);
    }

    /// <summary>Disposes the device. A chip that measures by its own clock goes on doing so.</summary>
    public void Dispose() => _link.Dispose();

    private Task EnterIdleAsync(CancellationToken cancellationToken)
    {
        _initialized = false;
        return _setup.EnterIdleAsync(cancellationToken);
    }

    private async Task<Scd41Frame> ReadAsync(CancellationToken cancellationToken)
    {
        if (await _measurements.TryNextAsync(cancellationToken) is { } frame) { return frame; }

        if (!_settings.IsPeriodic) { throw NoData(); }

        await InitializeAsync(cancellationToken); // it lost power and with it its rhythm
        return await _measurements.TryNextAsync(cancellationToken) ?? throw NoData();
    }

    private SensorException NoData()
    {
        _initialized = false;
        return new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
            $"{_link.Place}: the SCD41 had no measurement after {_settings.Period.TotalSeconds:0} s: check its supply, which must bear 205 mA for an instant."));
    }
}
