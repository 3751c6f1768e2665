namespace Node.Sensors.Drivers;

/// <summary>The options of an MCP3008 as texts.</summary>
internal static class Mcp3008OptionTable
{
    public static SensorOptionTable<Mcp3008Options> Create() => new SensorOptionTable<Mcp3008Options>(new(), static options => options.Validate())
        .List("Inputs", "what a reading holds, in order", static o => o.Inputs, static (o, v) => o with { Inputs = v })
        .Number("ReferenceVolts", "the voltage on VREF in volts", 0.25, 5.5, static o => o.ReferenceVolts, static (o, v) => o with { ReferenceVolts = v })
        .Integer("ClockHertz", "the bus clock in hertz; at most 1,350,000 at 2.7 V", 10_000, 3_600_000, static o => o.ClockHertz, static (o, v) => o with { ClockHertz = v })
        .Integer("Samples", "conversions that are averaged for one value", 1, 256, static o => o.Samples, static (o, v) => o with { Samples = v })
        .Flag("CheckRepetition", "whether each result is compared with its repetition, which finds disturbed bits", static o => o.CheckRepetition, static (o, v) => o with { CheckRepetition = v })
        .Text("KnownInput", "an input wired to a known voltage, checked at every reading, as 'input, volts, tolerance', such as 'Channel7, 3.3, 0.05'", "", ReadKnown)
        .Integer("TransferAttempts", "how often an exchange whose answer cannot be right is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });

    private static Mcp3008Options? ReadKnown(Mcp3008Options options, string text)
    {
        string[] parts = text.Split(',', 2, StringSplitOptions.TrimEntries);
        return parts.Length == 2 && Enum.TryParse(parts[0], ignoreCase: true, out Mcp3008Input input) && Enum.IsDefined(input)
            && OptionText.Numbers(parts[1], count: 2) is { } volts
            ? options with { KnownInput = new Mcp3008KnownInput(input, volts[0], volts[1]) }
            : null;
    }
}
