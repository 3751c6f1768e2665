namespace Node.Host.Dashboard;

/// <summary>Units as people write them. Telemetry and model keep their DTDL names.</summary>
internal static class UnitSymbol
{
    public static string Of(string unit) => unit switch
    {
        "degreeCelsius" => "°C",
        "percent" => "%",
        "kilopascal" => "kPa",
        "lux" => "lx",
        "partsPerMillion" => "ppm",
        "volt" => "V",
        "gForce" => "g",
        "degreePerSecond" => "°/s",
        "hertz" => "Hz",
        "second" => "s",
        "mebibyte" => "MiB",
        "bitPerSecond" => "bit/s",
        "decibelMilliwatt" => "dBm",
        "unity" => "",
        _ => unit,
    };
}
