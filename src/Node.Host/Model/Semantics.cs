using Node.Sensors.Drivers;

namespace Node.Host.Model;

/// <summary>Which DTDL v2 semantic type a measured quantity has. Units that DTDL v2 lacks (ppm, dBm, plain ratios) have none.</summary>
internal static class Semantics
{
    /// <summary>The semantic type and its unit; null for plain telemetry, whose unit then stands in the description only.</summary>
    public static (string Type, string Unit)? Of(Quantity quantity) => TypeOf(quantity) is { } type ? (type, quantity.Unit) : null;

    private static string? TypeOf(Quantity quantity) => quantity.Unit switch
    {
        "degreeCelsius" => "Temperature",
        "percent" when quantity.Name == "humidity" => "RelativeHumidity",
        "kilopascal" => "Pressure",
        "lux" => "Illuminance",
        "volt" => "Voltage",
        "gForce" => "Acceleration",
        "degreePerSecond" => "AngularVelocity",
        "hertz" => "Frequency",
        "second" => "TimeSpan",
        "mebibyte" => "DataSize",
        "bitPerSecond" => "DataRate",
        _ => null,
    };
}
