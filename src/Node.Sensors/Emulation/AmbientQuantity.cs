using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>The quantities of <see cref="Ambient"/> by the names that board files use: those of its properties, in camel case.</summary>
/// <param name="Name">Such as <c>temperatureCelsius</c>.</param>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Exchanges it.</param>
internal sealed record AmbientQuantity(string Name, Func<Ambient, Stimulus> Get, Action<Ambient, Stimulus> Set)
{
    /// <summary>Beyond what any chip can show, in whatever unit, and still harmless to compute with.</summary>
    public const double BeyondEverything = 1e9;

    public static IReadOnlyList<AmbientQuantity> All { get; } =
    [
        new("temperatureCelsius", static world => world.TemperatureCelsius, static (world, value) => world.TemperatureCelsius = value),
        new("humidityPercent", static world => world.HumidityPercent, static (world, value) => world.HumidityPercent = value),
        new("pressurePascals", static world => world.PressurePascals, static (world, value) => world.PressurePascals = value),
        new("lightLux", static world => world.LightLux, static (world, value) => world.LightLux = value),
        new("carbonDioxidePpm", static world => world.CarbonDioxidePpm, static (world, value) => world.CarbonDioxidePpm = value),
        new("accelerationXG", static world => world.AccelerationXG, static (world, value) => world.AccelerationXG = value),
        new("accelerationYG", static world => world.AccelerationYG, static (world, value) => world.AccelerationYG = value),
        new("accelerationZG", static world => world.AccelerationZG, static (world, value) => world.AccelerationZG = value),
        new("angularRateXDegreesPerSecond", static world => world.AngularRateXDegreesPerSecond, static (world, value) => world.AngularRateXDegreesPerSecond = value),
        new("angularRateYDegreesPerSecond", static world => world.AngularRateYDegreesPerSecond, static (world, value) => world.AngularRateYDegreesPerSecond = value),
        new("angularRateZDegreesPerSecond", static world => world.AngularRateZDegreesPerSecond, static (world, value) => world.AngularRateZDegreesPerSecond = value),
        .. Enumerable.Range(0, 8).Select(Input),
    ];

    public static AmbientQuantity? Find(string name) => All.FirstOrDefault(quantity => quantity.Name == name);

    private static AmbientQuantity Input(int number) => new(
        string.Create(CultureInfo.InvariantCulture, $"input{number}Volts"), world => world.InputVolts[number], (world, value) => world.InputVolts[number] = value);
}
