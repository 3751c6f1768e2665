using System.Diagnostics.CodeAnalysis;

namespace Node.Sensors.Emulation;

/// <summary>
/// A board of emulated chips with its buses and pins, in a world of its own. It outlives the programs' connections to it: chips keep
/// their state and power while providers come and go. Safe for use by several threads.
/// </summary>
public sealed class EmulatedBoard
{
    private readonly Dictionary<int, EmulatedI2cBus> _buses = new() { [1] = new EmulatedI2cBus(1) };
    private readonly Dictionary<int, EmulatedSpiBus> _spiBuses = [];

    /// <summary>Switches the board on: its time begins now.</summary>
    /// <exception cref="ArgumentException">A chip is unknown, or two chips share an address or a chip select. The text says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An address is outside 0x03 to 0x77, a bus number is negative, a bus has no such chip select, or an interrupt pin is outside 0 to 53.</exception>
    public EmulatedBoard(EmulatedBoardOptions options, Ambient ambient, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ambient);
        ArgumentNullException.ThrowIfNull(time);
        Ambient = ambient;
        Gpio = new EmulatedGpioChip(time);
        EmulatedSurroundings surroundings = new(ambient, time, Gpio);
        Random seeds = new(options.Seed);
        foreach (EmulatedChipOptions chip in options.Chips)
        {
            EmulatedChipCatalog.Entry entry = EmulatedChipCatalog.Find(chip.Chip);
            Attach(chip, entry, entry.Create(surroundings, seeds.Next(), chip));
        }
    }

    /// <summary>The world around the chips.</summary>
    public Ambient Ambient { get; }

    /// <summary>The header's pins, from the outside.</summary>
    public EmulatedGpioChip Gpio { get; }

    /// <summary>The board's PWM outputs, from the outside.</summary>
    public EmulatedPwmChips Pwm { get; } = new();

    /// <summary>Every I2C bus. Bus 1 always exists.</summary>
    public IReadOnlyCollection<EmulatedI2cBus> I2cBuses => _buses.Values;

    /// <summary>Every SPI bus: those that chips were configured on.</summary>
    public IReadOnlyCollection<EmulatedSpiBus> SpiBuses => _spiBuses.Values;

    /// <summary>Looks a bus up by its number.</summary>
    /// <returns><see langword="false"/> when the board has no such bus.</returns>
    public bool TryGetI2cBus(int busId, [NotNullWhen(true)] out EmulatedI2cBus? bus) => _buses.TryGetValue(busId, out bus);

    /// <summary>Looks an SPI bus up by its number.</summary>
    /// <returns><see langword="false"/> when the board has no such bus.</returns>
    public bool TryGetSpiBus(int busId, [NotNullWhen(true)] out EmulatedSpiBus? bus) => _spiBuses.TryGetValue(busId, out bus);

    private void Attach(EmulatedChipOptions options, EmulatedChipCatalog.Entry entry, EmulatedChip chip)
    {
        if (chip is EmulatedSpiChip spi)
        {
            SpiBus(options.SpiBusId).Attach(options.ChipSelect, spi);
        }
        else
        {
            I2cBus(options.BusId).Attach(options.Address ?? entry.DefaultAddress, chip);
        }
    }

    private EmulatedI2cBus I2cBus(int busId)
    {
        if (!_buses.TryGetValue(busId, out EmulatedI2cBus? bus))
        {
            bus = new EmulatedI2cBus(busId);
            _buses.Add(busId, bus);
        }

        return bus;
    }

    private EmulatedSpiBus SpiBus(int busId)
    {
        if (!_spiBuses.TryGetValue(busId, out EmulatedSpiBus? bus))
        {
            bus = new EmulatedSpiBus(busId);
            _spiBuses.Add(busId, bus);
        }

        return bus;
    }
}
