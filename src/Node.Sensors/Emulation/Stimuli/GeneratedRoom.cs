namespace Node.Sensors.Emulation;

/// <summary>
/// A plausible lived-in room made from a seed, for when no recorded trace is at hand: a day's swing of temperature, humidity against it,
/// slow weather in the pressure, light by day and carbon dioxide from people.
/// </summary>
public static class GeneratedRoom
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The same seed gives the same room. It begins in the morning, when everything is about its mean and rising.</summary>
    public static Ambient Create(int seed) => new()
    {
        TemperatureCelsius = Stimulus.Sine(21.5, 1.8, Day)
            .Plus(Stimulus.Noise(0.3, TimeSpan.FromMinutes(20), seed))
            .Plus(Stimulus.Noise(0.02, TimeSpan.FromSeconds(1), seed + 1)),
        HumidityPercent = Stimulus.Sine(44.0, -5.0, Day)
            .Plus(Stimulus.Noise(2.0, TimeSpan.FromMinutes(30), seed + 2))
            .Plus(Stimulus.Noise(0.1, TimeSpan.FromSeconds(1), seed + 3))
            .Within(0.0, 100.0),
        PressurePascals = Stimulus.Noise(1200.0, TimeSpan.FromHours(14), seed + 4)
            .Plus(Stimulus.Constant(101_325.0))
            .Plus(Stimulus.Noise(1.5, TimeSpan.FromSeconds(1), seed + 5)),
        LightLux = Stimulus.Sine(120.0, 420.0, Day)
            .Plus(Stimulus.Noise(40.0, TimeSpan.FromMinutes(5), seed + 6))
            .Within(0.0, 100_000.0),
        CarbonDioxidePpm = Stimulus.Sine(650.0, 200.0, Day)
            .Plus(Stimulus.Noise(60.0, TimeSpan.FromMinutes(15), seed + 7))
            .Within(400.0, 5_000.0),
    };
}
