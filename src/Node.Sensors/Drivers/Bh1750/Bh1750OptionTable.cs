namespace Node.Sensors.Drivers;

/// <summary>The options of a BH1750 as texts.</summary>
internal static class Bh1750OptionTable
{
    public static SensorOptionTable<Bh1750Options> Create() => new SensorOptionTable<Bh1750Options>(new(), static options => options.Validate())
        .Choice("Resolution", "4 lx in 16 ms, 1 lx in 120 ms or 0.5 lx in 120 ms", static o => o.Resolution, static (o, v) => o with { Resolution = v })
        .Flag("Continuous", "whether the chip measures all the time, so that a reading need not wait", static o => o.Continuous, static (o, v) => o with { Continuous = v })
        .Integer("MeasurementTime", "the register MTreg: twice the number is twice the sensitivity and time, and half the range", 31, 254, static o => o.MeasurementTime, static (o, v) => o with { MeasurementTime = v })
        .Flag("ExtendsRange", "whether a reading beyond the range is taken again with the shortest time, up to 100,000 lx", static o => o.ExtendsRange, static (o, v) => o with { ExtendsRange = v })
        .Number("CountsPerLux", "what this unit behind its window counts for one lux", 0.1, 1.44, static o => o.CountsPerLux, static (o, v) => o with { CountsPerLux = v })
        .Integer("TransferAttempts", "how often a transfer that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });
}
