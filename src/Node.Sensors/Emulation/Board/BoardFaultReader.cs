using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>Reads the faults of a board file; each must be one that its chip or bus can have.</summary>
internal sealed class BoardFaultReader(BoardProblems problems, IReadOnlyDictionary<string, EmulatedChipCatalog.Entry> chips)
{
    public static readonly (string Name, BusFaultKind Value)[] Kinds =
        [.. Enum.GetValues<BusFaultKind>().Select(static kind => (char.ToLowerInvariant(kind.ToString()[0]) + kind.ToString()[1..], kind))];

    private static readonly int[] Errnos = [5, 6, 11, 110, 121];

    public IEnumerable<BusFault> Read(IReadOnlyList<JsonPlace> places)
    {
        foreach (JsonPlace place in places)
        {
            BoardSection section = new(place, problems);
            section.Required("kind", "\"noAcknowledge\"");
            BusFaultKind? kind = section.Choice("kind", Kinds);
            BusFault fault = ReadFault(section, kind ?? BusFaultKind.Error);
            section.RefuseTheRest();
            if (kind is null) { continue; }

            Check(fault, place);
            yield return fault;
        }
    }

    private static BusFault ReadFault(BoardSection section, BusFaultKind kind) => new()
    {
        Kind = kind,
        At = section.Duration("at") ?? TimeSpan.Zero,
        Duration = section.Duration("for"),
        Chip = section.Text("chip"),
        I2cBus = section.Integer("i2cBus", 0, 255),
        SpiBus = section.Integer("spiBus", 0, 255),
        Probability = section.Number("probability", 0, 1),
        Errno = section.Integer("errno", 1, 133),
        ByteIndex = section.Integer("byte", 0, 65_535) ?? 0,
        Direction = section.Choice("direction", ("read", FlipDirection.Read), ("write", FlipDirection.Write), ("both", FlipDirection.Both)) ?? FlipDirection.Read,
        Id = (byte)(section.Integer("id", 0, 255, hex: true) ?? 0xA5),
        Stretch = section.Duration("stretch") ?? TimeSpan.FromSeconds(5),
        Factor = section.Number("factor", 0.001, 1e6) ?? 10,
        Quantity = section.Text("quantity"),
        PerHour = section.Number("perHour") ?? 1,
        IsHigh = section.Choice("end", ("high", true), ("low", false)) ?? true,
        EndsWithPulses = section.Choice("until", ("pulses", true), ("end", false)) ?? true,
    };

    private void Check(BusFault fault, JsonPlace place)
    {
        if ((fault.Chip is null ? 0 : 1) + (fault.I2cBus is null ? 0 : 1) + (fault.SpiBus is null ? 0 : 1) > 1)
        {
            problems.Add(place, "names more than one place; give only one of chip, i2cBus, spiBus.");
        }

        if (fault.Errno is { } errno && !Errnos.Contains(errno))
        {
            problems.Add(place, string.Create(CultureInfo.InvariantCulture, $"errno {errno} is none that a bus shows; allowed is {string.Join(", ", Errnos)}."));
        }

        if (fault.Quantity is { } quantity && AmbientQuantity.Find(quantity) is null)
        {
            problems.Add(place, $"\"{quantity}\" is no quantity; {NearestName.Suggest(quantity, [.. AmbientQuantity.All.Select(static one => one.Name)])}");
        }

        if (fault.Kind == BusFaultKind.StuckBus && fault.I2cBus is null) { problems.Add(place, "a stuck bus is an I2C bus; give \"i2cBus\": 1."); }

        if (fault.Chip is not { } name) { return; }

        if (!chips.TryGetValue(name, out EmulatedChipCatalog.Entry? entry))
        {
            problems.Add(place, $"there is no chip named \"{name}\"; {NearestName.Suggest(name, [.. chips.Keys])}");
        }
        else if (WhyImpossible(fault, entry) is { } reason)
        {
            problems.Add(place, $"{reason}; take this fault out or name another chip.");
        }
    }

    private static string? WhyImpossible(BusFault fault, EmulatedChipCatalog.Entry entry) => fault.Kind switch
    {
        BusFaultKind.NoAcknowledge or BusFaultKind.NoAcknowledgeAtByte or BusFaultKind.ClockStretch when entry.IsOnSpi => $"a {entry.Name} is on SPI, which has no acknowledge and no stretching",
        BusFaultKind.ChecksumErrors when !entry.HasChecksums => $"a {entry.Name} sends no checksums",
        BusFaultKind.WrongId when !entry.HasId => $"a {entry.Name} has no identity register",
        BusFaultKind.SlowConversion when entry.Name is "MCP3008" or "TCA9548A" => $"a {entry.Name} converts with the bus's clock or not at all",
        BusFaultKind.StaleValue or BusFaultKind.Saturation or BusFaultKind.Drift when entry.Quantities.Count == 0 => $"a {entry.Name} measures nothing",
        BusFaultKind.Saturation or BusFaultKind.Drift when fault.Quantity is { } quantity && entry.Quantities.All(one => one.Name != quantity) => $"a {entry.Name} does not measure {quantity}",
        _ => null,
    };
}
