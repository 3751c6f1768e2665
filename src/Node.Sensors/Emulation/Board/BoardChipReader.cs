using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>Reads the chips of a board file and holds them against each other.</summary>
internal sealed class BoardChipReader(BoardProblems problems)
{
    private readonly Dictionary<string, EmulatedChipCatalog.Entry> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, EmulatedChipOptions> _byPlace = new(StringComparer.Ordinal);
    private readonly List<(EmulatedChipOptions Chip, JsonPlace Place)> _chips = [];

    /// <summary>What each named chip is, for the faults that name it.</summary>
    public IReadOnlyDictionary<string, EmulatedChipCatalog.Entry> Kinds => _kinds;

    public IReadOnlyList<EmulatedChipOptions> Read(IReadOnlyList<JsonPlace> places)
    {
        foreach (JsonPlace place in places) { ReadChip(new BoardSection(place, problems)); }

        foreach ((EmulatedChipOptions chip, JsonPlace place) in _chips) { CheckMux(chip, place); }

        return [.. _chips.Select(static one => one.Chip)];
    }

    private void ReadChip(BoardSection section)
    {
        string chipName = section.Required("chip", "\"BME280\"");
        EmulatedChipCatalog.Entry? entry = EmulatedChipCatalog.TryFind(chipName);
        if (entry is null)
        {
            if (chipName.Length > 0)
            {
                problems.Add(section.Find("chip")!, $"\"{chipName}\" is no chip that can be emulated; "
                    + NearestName.Suggest(chipName, [.. EmulatedChipCatalog.Entries.Select(static one => one.Name)]));
            }

            return;
        }

        if (entry.OtherAddresses.Count > 0 && (section.Find("bus") ?? section.Find("address") ?? section.Find("mux")) is not null) { entry = entry.OnI2c(); }

        EmulatedChipOptions chip = ReadPlace(section, entry, new EmulatedChipOptions
        {
            Chip = entry.Name,
            Name = section.Text("name") ?? FreeName(entry),
            ConversionTime = section.Choice("conversionTime", ("minimum", ConversionTime.Minimum), ("typical", ConversionTime.Typical), ("maximum", ConversionTime.Maximum))
                ?? ConversionTime.Typical,
            HasTolerances = section.Flag("tolerances") ?? false,
            InterruptPin = Pin(section, "interruptPin"),
            SecondInterruptPin = Pin(section, "secondInterruptPin"),
            ResetPin = Pin(section, "resetPin"),
            ReferenceVolts = section.Number("referenceVolts", 0.25, 5.5) ?? 3.3,
        });
        section.RefuseTheRest();
        if (!_kinds.TryAdd(chip.Name!, entry)) { problems.Add(section.Place, $"a chip named \"{chip.Name}\" is there already; give each its own \"name\"."); }

        string where = WhereOf(chip, entry);
        if (!_byPlace.TryAdd(where, chip)) { problems.Add(section.Place, $"{where} is taken by \"{_byPlace[where].Name}\"; give each chip its own place."); }

        _chips.Add((chip, section.Place));
    }

    private EmulatedChipOptions ReadPlace(BoardSection section, EmulatedChipCatalog.Entry entry, EmulatedChipOptions chip)
    {
        if (entry.IsOnSpi)
        {
            Refuse(section, ["bus", "address", "mux"], $"a {entry.Name} is on SPI; give \"spi\" and \"select\" instead.");
            int spi = section.Integer("spi", 0, 255) ?? 0;
            return chip with { SpiBusId = spi, ChipSelect = section.Integer("select", 0, EmulatedSpiBus.SelectsOf(spi) - 1) ?? 0 };
        }

        Refuse(section, ["spi", "select"], $"a {entry.Name} is on I2C; give \"bus\" and \"address\" instead.");
        int? address = section.Integer("address", I2cAddress.Lowest, I2cAddress.Highest, hex: true);
        if (address is { } given && !entry.Addresses.Contains(given))
        {
            problems.Add(section.Find("address")!, string.Create(CultureInfo.InvariantCulture,
                $"a {entry.Name} cannot have address 0x{given:X2}; possible: {string.Join(", ", entry.Addresses.Select(static one => $"\"0x{one:X2}\""))}."));
        }

        return chip with
        {
            BusId = section.Integer("bus", 0, 255) ?? 1,
            Address = address ?? entry.Addresses[0],
            Mux = section.Find("mux") is { } mux ? ReadMux(new BoardSection(mux, problems)) : null,
        };
    }

    private static I2cMuxChannel ReadMux(BoardSection section)
    {
        I2cMuxChannel channel = new(
            section.Integer("address", I2cMuxChannel.LowestAddress, I2cMuxChannel.HighestAddress, hex: true) ?? I2cMuxChannel.LowestAddress,
            section.Integer("channel", 0, I2cMuxChannel.ChannelCount - 1) ?? 0);
        section.RefuseTheRest();
        return channel;
    }

    private static int? Pin(BoardSection section, string name) => section.Integer(name, 0, EmulatedGpioChip.PinCount - 1);

    private void Refuse(BoardSection section, ReadOnlySpan<string> names, string remedy)
    {
        foreach (string name in names)
        {
            if (section.Find(name) is { } value) { problems.Add(value, remedy); }
        }
    }

    /// <summary>A chip behind a multiplexer needs the multiplexer, and nobody on the bus itself may have its address: both would answer.</summary>
    private void CheckMux(EmulatedChipOptions chip, JsonPlace place)
    {
        if (chip.Mux is not { } mux) { return; }

        if (!_byPlace.TryGetValue(Direct(chip.BusId, mux.Address), out EmulatedChipOptions? found) || found.Chip != "TCA9548A")
        {
            problems.Add(place, string.Create(CultureInfo.InvariantCulture,
                $"\"{chip.Name}\" hangs behind a multiplexer at {Direct(chip.BusId, mux.Address)}, where none is; add {{ \"chip\": \"TCA9548A\", \"bus\": {chip.BusId}, \"address\": \"0x{mux.Address:X2}\" }}."));
        }

        if (_byPlace.TryGetValue(Direct(chip.BusId, chip.Address!.Value), out EmulatedChipOptions? twin))
        {
            problems.Add(place, $"\"{chip.Name}\" and \"{twin.Name}\" on the bus itself have the same address and would answer together; change one of them.");
        }

        if (chip.Chip == "TCA9548A") { problems.Add(place, "a multiplexer behind a multiplexer is not supported; put it on the bus itself."); }
    }

    private string FreeName(EmulatedChipCatalog.Entry entry)
    {
        string name = entry.Name.ToLowerInvariant();
        for (int number = 2; _kinds.ContainsKey(name); number++) { name = string.Create(CultureInfo.InvariantCulture, $"{entry.Name.ToLowerInvariant()}-{number}"); }

        return name;
    }

    private static string WhereOf(EmulatedChipOptions chip, EmulatedChipCatalog.Entry entry) =>
        entry.IsOnSpi ? string.Create(CultureInfo.InvariantCulture, $"SPI bus {chip.SpiBusId} chip select {chip.ChipSelect}")
        : chip.Mux is { } mux ? string.Create(CultureInfo.InvariantCulture, $"{Direct(chip.BusId, chip.Address!.Value)} behind 0x{mux.Address:X2} channel {mux.Channel}")
        : Direct(chip.BusId, chip.Address!.Value);

    private static string Direct(int busId, int address) => I2cAddress.Place(busId, address);
}
