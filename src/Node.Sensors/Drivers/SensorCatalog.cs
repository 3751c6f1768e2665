using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Node.Sensors.Bus;
using Node.Sensors.Machine;
using Node.Sensors.Signals;

namespace Node.Sensors.Drivers;

/// <summary>The chips that this library can drive, by name. A further chip is one more entry.</summary>
public static class SensorCatalog
{
    /// <summary>Every supported chip, in alphabetical order.</summary>
#if USE_IOT_DEVICE_BINDINGS
    public static IReadOnlyList<SensorChip> Chips { get; } = [.. Own.Select(BoundCatalog.Substitute)];
#else
    public static IReadOnlyList<SensorChip> Chips { get; } = Own;
#endif

    /// <summary>The chips with this library's drivers.</summary>
    private static IReadOnlyList<SensorChip> Own =>
    [
        Ads1115.CatalogEntry, Adxl345.CatalogEntry, Adxl345Vibration.CatalogEntry, Bh1750.CatalogEntry, Bme280.CatalogEntry, GpioInput.CatalogEntry,
        MachineSensor.CatalogEntry, Mcp3008.CatalogEntry, Mpu6050.CatalogEntry, Scd41.CatalogEntry, Sht31.CatalogEntry, Tmp102.CatalogEntry,
    ];

    /// <summary>Looks a chip up by name; case does not matter.</summary>
    /// <returns><see langword="false"/> when no driver for it exists.</returns>
    public static bool TryFind(string chipName, [NotNullWhen(true)] out SensorChip? chip)
    {
        chip = Chips.FirstOrDefault(known => string.Equals(known.Name, chipName, StringComparison.OrdinalIgnoreCase));
        return chip is not null;
    }

    /// <summary>Opens a sensor with its default options. No transfer happens yet, so an absent chip shows at <see cref="ISensor.InitializeAsync"/>. The caller owns the sensor.</summary>
    /// <exception cref="ArgumentException">No such chip is known, or the chip cannot have this address. The text lists what is possible.</exception>
    /// <exception cref="SensorException">The bus cannot be opened.</exception>
    public static ISensor Open(SensorConnection connection, IBusProvider buses, TimeProvider time) => Open(connection, SensorOpening.NoOptions, buses, time);

    /// <summary>Opens a sensor with options given as texts; see <see cref="SensorChip.Options"/>. No transfer happens yet. The caller owns the sensor.</summary>
    /// <exception cref="ArgumentException">No such chip is known, the chip cannot have this address, or an option is wrong. The text lists what is possible.</exception>
    /// <exception cref="SensorException">The bus or a pin cannot be opened.</exception>
    public static ISensor Open(SensorConnection connection, IReadOnlyDictionary<string, string> options, IBusProvider buses, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(buses);
        ArgumentNullException.ThrowIfNull(time);
        if (!TryFind(connection.Chip, out SensorChip? chip))
        {
            throw new ArgumentException(
                $"No driver for a chip named '{connection.Chip}'. Known: {string.Join(", ", Chips.Select(static known => known.Name))}.", nameof(connection));
        }

        if (chip.Bus != SensorBus.I2c)
        {
            return connection.Mux is null
                ? chip.Open(buses, connection, options, time)
                : throw new ArgumentException($"A {chip.Name} is not on I2C and cannot hang behind an I2C multiplexer.", nameof(connection));
        }

        int address = connection.Address ?? chip.Addresses[0];
        if (!chip.Addresses.Contains(address))
        {
            string possible = string.Join(", ", chip.Addresses.Select(static one => string.Create(CultureInfo.InvariantCulture, $"0x{one:X2}")));
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A {chip.Name} cannot have address 0x{address:X2}. Possible: {possible}."), nameof(connection));
        }

        return chip.Open(connection.Mux is { } mux ? new MuxedBuses(buses, mux) : buses, connection with { Address = address }, options, time);
    }

    /// <summary>The driver itself of an opened sensor, for what only that driver can do; still owned with the sensor. One with pins has a wrapper around it.</summary>
    public static ISensor DriverOf(ISensor sensor) => sensor is SensorWithPins wired ? wired.Driver : sensor;
}
