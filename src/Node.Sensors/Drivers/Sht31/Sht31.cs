using System.Device.I2c;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Sensirion SHT31: temperature and relative humidity over I2C, without clock stretching. Source: SHT3x-DIS datasheet version 5; Alert Mode
/// of SHT3x-DIS version 1.
/// </summary>
public sealed class Sht31 : ISensor
{
    /// <summary>0x44 with ADDR low (default), 0x45 with ADDR high; section 3.4.</summary>
    private static readonly int[] Addresses = [0x44, 0x45];

    /// <summary>Operating ranges: tables 1 and 2.</summary>
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 125);
    private static readonly Quantity Humidity = new("humidity", "percent", 0, 100);

    private readonly Sht31Link _link;
    private readonly Sht31Settings _settings;
    private readonly Sht31Measurements _measurements;
    private bool _initialized;

    /// <summary>Takes ownership of the device. No transfer happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the alert limits are not in order.</exception>
    public Sht31(I2cDevice device, Sht31Options options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _link = new Sht31Link(new SensirionCommands(device, options.TransferAttempts, time), time);
        _settings = new Sht31Settings(options);
        _measurements = new Sht31Measurements(_link.Commands, _settings, time);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => CatalogEntry.Quantities;

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Sht31Options>(Sht31OptionTable.Create(), static _ => [Temperature, Humidity], static (buses, connection, options, time) =>
        new Sht31(buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]), options, time)))
    {
        Name = "SHT31",
        Description = "temperature and relative humidity",
        Addresses = Addresses,
        Quantities = [Temperature, Humidity],
    };

    /// <inheritdoc/>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        _initialized = false;
        await _link.ResetAsync(cancellationToken);
        await _link.RequireIdentityAsync(cancellationToken);
        foreach ((ushort command, ushort word) in _settings.AlertWords) { await _link.ConfigureAsync(command, word, cancellationToken); }

        if (_settings.Heater) { await _link.ConfigureAsync(Sht31Command.HeaterOn, null, cancellationToken); }

        await _link.ConfigureAsync(Sht31Command.ClearStatus, null, cancellationToken);
        if (_settings.IsPeriodic) { await _link.ConfigureAsync(_settings.Measure, null, cancellationToken); }

        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || await HasLostItsSettingsAsync(cancellationToken)) { await InitializeAsync(cancellationToken); }

        Sht31Frame frame = await _measurements.NextAsync(cancellationToken);
        return new SensorReading(
        [
            Temperature.Checked(frame.Celsius, _link.Place, Chip),
            Humidity.Checked(frame.Percent, _link.Place, Chip),
        ]);
    }

    /// <summary>The number that the factory gave to this unit.</summary>
    /// <exception cref="SensorException">The chip does not answer, or measures by its own clock and so takes no such command.</exception>
    public Task<uint> ReadSerialNumberAsync(CancellationToken cancellationToken) => _link.ReadSerialNumberAsync(cancellationToken);

    /// <summary>Disposes the device. A chip that measures by its own clock goes on doing so.</summary>
    public void Dispose() => _link.Dispose();

    /// <summary>A brown-out, or a chip plugged in anew, shows as the reset flag, which initialisation clears (section 4.11), or as a chip that is just starting.</summary>
    private async Task<bool> HasLostItsSettingsAsync(CancellationToken cancellationToken) => await _link.TryReadStatusAsync(cancellationToken) is not { } status
        || (status & Sht31Command.ResetDetected) != 0
        || ((status & Sht31Command.HeaterIsOn) != 0) != _settings.Heater;
}
