namespace Node.Sensors.Emulation;

/// <summary>
/// Noise that is a function of the instant and the seed, so that asking twice or out of order gives the same value. A running random
/// generator could not do that.
/// </summary>
internal sealed class NoiseStimulus(double amplitude, TimeSpan step, int seed) : Stimulus
{
    public override double At(TimeSpan elapsed)
    {
        double position = Math.Max(0.0, elapsed / step);
        long point = (long)position;
        double before = Draw(point);
        double after = Draw(point + 1);
        return amplitude * (before + ((after - before) * (position - point)));
    }

    /// <summary>Mixes seed and index (the finaliser of SplitMix64) and maps the upper 53 bits to −1 to 1.</summary>
    private double Draw(long point)
    {
        ulong mixed = ((ulong)(uint)seed << 32) + ((ulong)point * 0x9E3779B97F4A7C15UL);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        mixed ^= mixed >> 31;
        return ((mixed >> 11) * (2.0 / (1UL << 53))) - 1.0;
    }
}
