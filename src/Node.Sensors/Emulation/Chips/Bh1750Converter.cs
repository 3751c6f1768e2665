namespace Node.Sensors.Emulation;

/// <summary>
/// Light in, counts out. Source: BH1750FVI technical note 2009.04 revision B, electrical characteristics: 0.96 to 1.44 counts for a lux,
/// typically 1.2; 0 to 3 counts in the dark.
/// </summary>
internal sealed class Bh1750Converter(Ambient ambient, UnitNoise noise)
{
    private const int LowResolutionStep = 4; // counts; the note says about 4 lx

    private readonly int _darkCounts = (int)Math.Round(Math.Abs(noise.Error(channel: 1, standardDeviation: 1.0)));

    /// <summary>What this unit counts for a lux in H-resolution mode at the default measurement time.</summary>
    public double CountsPerLux { get; } = 1.2 + noise.Error(channel: 0, standardDeviation: 0.08);

    /// <summary>Measures the light of an instant.</summary>
    public int Measure(TimeSpan at, Bh1750Mode mode, int measurementTime)
    {
        double sensitivity = CountsPerLux * measurementTime / 69.0 * (mode == Bh1750Mode.High2 ? 2.0 : 1.0);
        double counts = (Math.Max(0.0, ambient.LightLux.At(at)) * sensitivity) + _darkCounts + noise.At(at, 2, 0.7);
        int whole = (int)Math.Clamp(Math.Round(counts), 0.0, 65_535.0);
        return mode == Bh1750Mode.Low && whole < 65_535 ? whole / LowResolutionStep * LowResolutionStep : whole;
    }
}
