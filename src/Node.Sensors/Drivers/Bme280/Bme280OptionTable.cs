namespace Node.Sensors.Drivers;

/// <summary>The options of a BME280 as texts.</summary>
internal static class Bme280OptionTable
{
    public static SensorOptionTable<Bme280Options> Create() => new SensorOptionTable<Bme280Options>(new(), static options => options.Validate())
        .Choice("TemperatureOversampling", "samples that make one temperature: less noise, more time", static o => o.Temperature, static (o, v) => o with { Temperature = v }, Bme280Oversampling.Skipped)
        .Choice("PressureOversampling", "samples that make one pressure; Skipped: readings hold no pressure", static o => o.Pressure, static (o, v) => o with { Pressure = v })
        .Choice("HumidityOversampling", "samples that make one humidity; Skipped: readings hold no humidity", static o => o.Humidity, static (o, v) => o with { Humidity = v })
        .Choice("Filter", "the chip's IIR filter on temperature and pressure; it counts measurements, not time", static o => o.Filter, static (o, v) => o with { Filter = v })
        .Integer("TransferAttempts", "how often a transfer that the bus failed is tried in all", 1, 10, static o => o.TransferAttempts, static (o, v) => o with { TransferAttempts = v });
}
