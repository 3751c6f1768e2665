namespace Node.Sensors.Drivers;

/// <summary>The options of an SHT31 as texts.</summary>
internal static class Sht31OptionTable
{
    private static readonly Sht31AlertLimits Chips = new();

    public static SensorOptionTable<Sht31Options> Create() => new SensorOptionTable<Sht31Options>(new(), static options => options.Validate())
        .Choice("Repeatability", "the higher, the less noise and the longer a measurement: up to 15.5, 6.5 or 4.5 ms", static o => o.Repeatability, static (o, v) => o with { Repeatability = v })
        .Choice("Acquisition", "one measurement a reading, or the chip's own clock", static o => o.Acquisition, static (o, v) => o with { Acquisition = v })
        .Flag("Heater", "whether the heater runs, which tests the chip and warms what is measured", static o => o.Heater, static (o, v) => o with { Heater = v })
        .Text("AlertHigh", "limits of the ALERT pin, as 'set °C, set %, clear °C, clear %'; given, the alert is on", "", static (o, text) =>
            Four(text) is { } n ? o with { Alert = (o.Alert ?? Chips) with { HighSet = new(n[0], n[1]), HighClear = new(n[2], n[3]) } } : null)
        .Text("AlertLow", "limits of the ALERT pin, as 'set °C, set %, clear °C, clear %'; given, the alert is on", "", static (o, text) =>
            Four(text) is { } n ? o with { Alert = (o.Alert ?? Chips) with { LowSet = new(n[0], n[1]), LowClear = new(n[2], n[3]) } } : null)
        .Integer("TransferAttempts", "how often a failed transfer, or a measurement with a wrong checksum, is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });

    private static double[]? Four(string text) => OptionText.Numbers(text, count: 4);
}
