using Node.Sensors.Drivers;

namespace Node.Sensors.Signals;

/// <summary>The options of an <see cref="Adxl345Vibration"/> as texts.</summary>
internal static class VibrationOptionTable
{
    public static SensorOptionTable<VibrationOptions> Create() => new SensorOptionTable<VibrationOptions>(new(), static options => options.Validate())
        .Integer("Pin", "the header's pin (BCM number) that INT1 is wired to", 0, 53, static o => o.Pin < 0 ? null : o.Pin, static (o, v) => o with { Pin = v }, isRequired: true)
        .Choice("Range", "the largest acceleration, in g", static o => o.Sensor.Range, static (o, v) => o with { Sensor = o.Sensor with { Range = v } })
        .Choice("Rate", "samples a second", static o => o.Sensor.Rate, static (o, v) => o with { Sensor = o.Sensor with { Rate = v } })
        .Integer("WindowLength", "samples in a window, a power of two", 64, 16_384, static o => o.WindowLength, static (o, v) => o with { WindowLength = v })
        .Integer("Bands", "equal frequency bands with an RMS each", 0, 8, static o => o.Bands, static (o, v) => o with { Bands = v })
        .Integer("ClockHertz", "the bus clock in hertz; at least 2,000,000 above 800 Hz", 10_000, 5_000_000, static o => o.Sensor.ClockHertz, static (o, v) => o with { Sensor = o.Sensor with { ClockHertz = v } });
}
