namespace Node.Sensors.Drivers;

/// <summary>The options of an ADXL345 as texts.</summary>
internal static class Adxl345OptionTable
{
    public static SensorOptionTable<Adxl345Options> Create() => new SensorOptionTable<Adxl345Options>(new(), static options => options.Validate())
        .Choice("Range", "the largest acceleration, in g", static o => o.Range, static (o, v) => o with { Range = v })
        .Flag("FullResolution", "whether every range has steps of 3.9 mg, rather than a 1024th of it", static o => o.FullResolution, static (o, v) => o with { FullResolution = v })
        .Choice("Rate", "samples a second", static o => o.Rate, static (o, v) => o with { Rate = v })
        .Flag("LowPower", "less current for more noise; for 12.5 to 400 Hz only", static o => o.LowPower, static (o, v) => o with { LowPower = v })
        .Number("OffsetXG", "added to x by the chip, in g", -2, 1.984375, static o => o.OffsetXG, static (o, v) => o with { OffsetXG = v })
        .Number("OffsetYG", "added to y by the chip, in g", -2, 1.984375, static o => o.OffsetYG, static (o, v) => o with { OffsetYG = v })
        .Number("OffsetZG", "added to z by the chip, in g", -2, 1.984375, static o => o.OffsetZG, static (o, v) => o with { OffsetZG = v })
        .Integer("ClockHertz", "the bus clock in hertz; at least 400,000 for 800 Hz and 2,000,000 for more", 10_000, 5_000_000, static o => o.ClockHertz, static (o, v) => o with { ClockHertz = v })
        .Integer("TransferAttempts", "how often an exchange that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });
}
