namespace Node.Sensors.Emulation;

/// <summary>What a warm chip does to relative humidity: the same vapour in warmer air is a smaller share of what the air can hold.</summary>
internal static class MoistAir
{
    /// <summary>The relative humidity at another temperature of the same air, held between 0 and 100 %.</summary>
    public static double PercentAt(double celsius, double percent, double atCelsius) =>
        celsius == atCelsius ? percent : Math.Clamp(percent * SaturationPressure(celsius) / SaturationPressure(atCelsius), 0, 100);

    /// <summary>In hectopascals over water, after Magnus with the coefficients of Sonntag (1990).</summary>
    private static double SaturationPressure(double celsius) => 6.112 * Math.Exp(17.62 * celsius / (243.12 + celsius));
}
