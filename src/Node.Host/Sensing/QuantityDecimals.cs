using Node.Sensors.Drivers;

namespace Node.Host.Sensing;

/// <summary>How many digits after the decimal point a quantity deserves: one more than the finest chip of its unit resolves.</summary>
internal static class QuantityDecimals
{
    private const int Most = 10;

    /// <summary>By the unit, and for a unit that is not known here by a hundred-thousandth of the quantity's span.</summary>
    public static int Of(Quantity quantity) => quantity.Unit switch
    {
        "degreeCelsius" or "percent" or "lux" => 2, // 0.01 °C, 0.008 % and 0.11 lx are the finest steps.
        "kilopascal" => 3, // A pascal; the BME280 resolves 0.18 Pa.
        "partsPerMillion" => 0,
        "gForce" => 5, // The MPU-6050 at ±2 g steps by 61 µg.
        "degreePerSecond" => 3, // At ±250 °/s by 0.0076 °/s.
        "volt" => 6, // The ADS1115 at ±0.256 V steps by 7.8 µV.
        _ => BySpan(quantity.Maximum - quantity.Minimum),
    };

    private static int BySpan(double span) =>
        double.IsFinite(span) && span > 0 ? Math.Clamp(5 - (int)Math.Ceiling(Math.Log10(span)), 0, Most) : 3;
}
