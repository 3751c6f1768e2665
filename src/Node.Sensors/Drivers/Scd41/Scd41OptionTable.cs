namespace Node.Sensors.Drivers;

/// <summary>The options of an SCD41 as texts.</summary>
internal static class Scd41OptionTable
{
    public static SensorOptionTable<Scd41Options> Create() => new SensorOptionTable<Scd41Options>(new(), static options => options.Validate())
        .Choice("Acquisition", "how often the chip measures", static o => o.Acquisition, static (o, v) => o with { Acquisition = v })
        .Number("TemperatureOffsetCelsius", "how much warmer than the air the chip is where it is mounted, in °C", 0, 20, static o => o.TemperatureOffsetCelsius, static (o, v) => o with { TemperatureOffsetCelsius = v })
        .Integer("AltitudeMeters", "the height above the sea in metres", 0, 3_000, static o => o.AltitudeMeters, static (o, v) => o with { AltitudeMeters = v })
        .Number("AmbientPressurePascals", "the air pressure in pascals; given, the altitude does not count", 70_000, 120_000, static o => o.AmbientPressurePascals, static (o, v) => o with { AmbientPressurePascals = v })
        .Flag("SelfCalibrates", "whether the lowest value of a week counts as fresh air of 400 ppm", static o => o.SelfCalibrates, static (o, v) => o with { SelfCalibrates = v })
        .Integer("TransferAttempts", "how often a transfer that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });
}
