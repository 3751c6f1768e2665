namespace Node.Sensors.Emulation;

/// <summary>
/// Turns volts on the inputs into a code. The converter averages over the whole conversion; an input is held by its protection diodes
/// between 0.3 V below ground and 0.3 V above the supply. Source: ADS1115 datasheet SBAS444, electrical characteristics and data format.
/// </summary>
internal sealed class Ads1115Converter
{
    private const double SupplyVolts = 3.3;
    private const double DiodeVolts = 0.3;
    private const int PointsPerConversion = 16;
    private const int MostNegative = -32768;
    private const int MostPositive = 32767;

    private readonly Ambient _ambient;
    private readonly double _gain = 1.0;
    private readonly double _offsetCodes;
    private readonly Stimulus _noiseCodes = Stimulus.Constant(0.0);

    /// <param name="ambient">Its <see cref="Ambient.InputVolts"/> lie on the inputs.</param>
    /// <param name="seed">Fixes the unit's errors.</param>
    /// <param name="imperfect">Whether the unit has errors: gain within 0.15 %, offset within 3 codes, noise within 1 code.</param>
    public Ads1115Converter(Ambient ambient, int seed, bool imperfect)
    {
        _ambient = ambient;
        if (!imperfect) { return; }

        Random random = new(seed);
        _gain = 1.0 + (0.0015 * ((2.0 * random.NextDouble()) - 1.0));
        _offsetCodes = 3.0 * ((2.0 * random.NextDouble()) - 1.0);
        _noiseCodes = Stimulus.Noise(1.0, TimeSpan.FromTicks(1), random.Next());
    }

    public short Convert(TimeSpan begin, TimeSpan end, Ads1115Control control)
    {
        double sum = 0.0;
        for (int point = 0; point < PointsPerConversion; point++)
        {
            TimeSpan at = begin + ((end - begin) * ((point + 0.5) / PointsPerConversion));
            sum += Pin(control.Positive, at) - (control.Negative is { } other ? Pin(other, at) : 0.0);
        }

        double codes = sum / PointsPerConversion / control.FullScaleVolts * 32768.0;
        double shown = (codes * _gain) + _offsetCodes + _noiseCodes.At(end);
        return (short)Math.Clamp(Math.Round(shown), MostNegative, MostPositive);
    }

    private double Pin(int input, TimeSpan at) => Math.Clamp(_ambient.InputVolts[input].At(at), -DiodeVolts, SupplyVolts + DiodeVolts);
}
