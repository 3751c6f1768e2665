namespace Node.Sensors.Emulation;

/// <summary>
/// What differs from unit to unit and from measurement to measurement, drawn from the unit's seed. The noise of an instant depends on
/// nothing but seed, channel and instant, so that looking at a chip more often does not change what it measures.
/// </summary>
internal sealed class UnitNoise(int seed, bool enabled, Func<TimeSpan, TimeSpan>? shown = null)
{
    /// <summary>A fixed error of this unit, bell-shaped; never beyond three standard deviations.</summary>
    public double Error(int channel, double standardDeviation) => enabled ? Bell(channel, -1) * standardDeviation : 0;

    /// <summary>The error of one measurement, bell-shaped; never beyond three standard deviations.</summary>
    public double At(TimeSpan instant, int channel, double standardDeviation) => enabled ? Bell(channel, (shown?.Invoke(instant) ?? instant).Ticks) * standardDeviation : 0;

    /// <summary>Box and Muller's transform of two numbers that are as good as random.</summary>
    private double Bell(int channel, long instant)
    {
        ulong mixed = Mix(Mix(((ulong)(uint)seed << 32) | (uint)channel) ^ (ulong)instant);
        double radius = Math.Sqrt(-2 * Math.Log(1 - Fraction(mixed)));
        return Math.Clamp(radius * Math.Cos(Math.Tau * Fraction(Mix(mixed))), -3, 3);
    }

    private static double Fraction(ulong mixed) => (mixed >> 11) * Math.ScaleB(1.0, -53);

    /// <summary>Spreads every bit over all 64: multiplication by large odd numbers between shifts.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
