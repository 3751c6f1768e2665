using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>
/// A board of emulated chips with its buses and pins, in a world of its own. It outlives the programs' connections to it: chips keep
/// their state and power while providers come and go. Safe for use by several threads.
/// </summary>
public sealed class EmulatedBoard : IDisposable
{
    private readonly Dictionary<int, EmulatedI2cBus> _buses = [];
    private readonly Dictionary<int, EmulatedSpiBus> _spiBuses = [];
    private readonly Dictionary<string, EmulatedChip> _chips = new(StringComparer.OrdinalIgnoreCase);
    private readonly EmulatedSurroundings _surroundings;
    private readonly SupplyCourse _supply;

    /// <summary>Switches the board on: its time begins now.</summary>
    /// <exception cref="ArgumentException">A chip is unknown, two chips share an address, a chip select or a name, or a multiplexer is missing. The text says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An address is outside 0x03 to 0x77, a bus number is negative, a bus has no such chip select, or an interrupt pin is outside 0 to 53.</exception>
    public EmulatedBoard(EmulatedBoardOptions options, Ambient ambient, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ambient);
        ArgumentNullException.ThrowIfNull(time);
        Ambient = ambient;
        Faults = options.Faults;
        Gpio = new EmulatedGpioChip(time);
        _surroundings = new EmulatedSurroundings(ambient, time, Gpio);
        _supply = new SupplyCourse(_surroundings, Faults);
        I2cBus(1);
        Random seeds = new(options.Seed);
        // Multiplexers first, so that the chips behind them find them; seeds are dealt in the order of the list.
        foreach ((EmulatedChipOptions chip, int seed) in options.Chips.Select(chip => (chip, seeds.Next())).OrderBy(static one => one.chip.Mux is not null).ToArray())
        {
            Add(chip, seed);
        }

        _supply.Settle();
    }

    /// <summary>The world around the chips.</summary>
    public Ambient Ambient { get; }

    /// <summary>What goes wrong, and when; faults added now act from the next transfer on.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The header's pins, from the outside.</summary>
    public EmulatedGpioChip Gpio { get; }

    /// <summary>The board's PWM outputs, from the outside.</summary>
    public EmulatedPwmChips Pwm { get; } = new();

    /// <summary>Every chip by its name on this board.</summary>
    public IReadOnlyDictionary<string, EmulatedChip> Chips => _chips;

    /// <summary>Every I2C bus. Bus 1 always exists.</summary>
    public IReadOnlyCollection<EmulatedI2cBus> I2cBuses => _buses.Values;

    /// <summary>Every SPI bus: those that chips were configured on.</summary>
    public IReadOnlyCollection<EmulatedSpiBus> SpiBuses => _spiBuses.Values;

    /// <summary>The time since the board was switched on.</summary>
    public TimeSpan Elapsed => _surroundings.Elapsed;

    /// <summary>How much of each chip was touched so far, in the order of the chips' names.</summary>
    public IReadOnlyList<ChipCoverage> Coverage => [.. _chips.OrderBy(static chip => chip.Key, StringComparer.Ordinal).Select(static chip => chip.Value.Coverage)];

    /// <summary>Looks a bus up by its number.</summary>
    /// <returns><see langword="false"/> when the board has no such bus.</returns>
    public bool TryGetI2cBus(int busId, [NotNullWhen(true)] out EmulatedI2cBus? bus) => _buses.TryGetValue(busId, out bus);

    /// <summary>Looks an SPI bus up by its number.</summary>
    /// <returns><see langword="false"/> when the board has no such bus.</returns>
    public bool TryGetSpiBus(int busId, [NotNullWhen(true)] out EmulatedSpiBus? bus) => _spiBuses.TryGetValue(busId, out bus);

    /// <summary>Ends the board's own timers. The chips stay as they are.</summary>
    public void Dispose() => _supply.Dispose();

    private void Add(EmulatedChipOptions options, int seed)
    {
        EmulatedChipCatalog.Entry entry = EmulatedChipCatalog.Find(options.Chip);
        string name = options.Name ?? FreeName(entry.Name);
        bool onSpi = entry.PutsOnSpi(options);
        ChipFaults faults = new(Faults, name, onSpi ? null : options.BusId, onSpi ? options.SpiBusId : null);
        EmulatedChip chip = entry.Create(_surroundings.For(faults), seed, options);
        chip.Faults = faults;
        Attach(options, entry, chip);
        if (!_chips.TryAdd(name, chip)) { throw new ArgumentException($"Two chips are named '{name}'; give each its own name.", nameof(options)); }

        _supply.Watch(chip, faults);
    }

    private void Attach(EmulatedChipOptions options, EmulatedChipCatalog.Entry entry, EmulatedChip chip)
    {
        if (chip is EmulatedSpiChip spi && entry.PutsOnSpi(options))
        {
            SpiBus(options.SpiBusId).Attach(options.ChipSelect, spi);
            return;
        }

        EmulatedI2cBus bus = I2cBus(options.BusId);
        int address = options.Address ?? entry.Addresses[0];
        if (options.Mux is not { } mux)
        {
            bus.Attach(address, chip);
        }
        else if (bus.Chips.GetValueOrDefault(mux.Address) is Tca9548aChip found)
        {
            found.Attach(mux.Channel, address, chip);
        }
        else
        {
            throw new ArgumentException($"{I2cAddress.Place(options.BusId, mux.Address)} is no TCA9548A; add one to the chips.", nameof(options));
        }
    }

    private string FreeName(string chip)
    {
        string first = chip.ToLowerInvariant();
        string name = first;
        for (int number = 2; _chips.ContainsKey(name); number++) { name = string.Create(CultureInfo.InvariantCulture, $"{first}-{number}"); }

        return name;
    }

    private EmulatedI2cBus I2cBus(int busId)
    {
        if (_buses.TryGetValue(busId, out EmulatedI2cBus? known)) { return known; }

        EmulatedI2cBus bus = new(busId, new I2cFaultCourse(_surroundings, _supply, new StuckLine(Faults, busId, chip => _chips.TryGetValue(chip, out EmulatedChip? found) && found.Faults?.I2cBus == busId)));
        _buses.Add(busId, bus);
        if (ClockPin(busId) is { } pin)
        {
            Gpio.EdgeOccurred += (_, edge) =>
            {
                if (edge.Pin == pin && edge.IsRising) { bus.Pulse(1); }
            };
        }

        return bus;
    }

    /// <summary>The clock of the Pi's header buses, for a program that frees a stuck bus by hand.</summary>
    private static int? ClockPin(int busId) => busId switch
    {
        0 => 1,
        1 => 3,
        _ => null,
    };

    private EmulatedSpiBus SpiBus(int busId)
    {
        if (!_spiBuses.TryGetValue(busId, out EmulatedSpiBus? bus))
        {
            bus = new EmulatedSpiBus(busId, new SpiFaultCourse(_surroundings, _supply));
            _spiBuses.Add(busId, bus);
        }

        return bus;
    }
}
