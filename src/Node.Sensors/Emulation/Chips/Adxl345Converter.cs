namespace Node.Sensors.Emulation;

/// <summary>
/// Turns acceleration into the words of one emulated ADXL345. Source: ADXL345 datasheet, rev. E, table 1 and the registers OFSX to OFSZ and
/// DATA_FORMAT of its register definitions.
/// </summary>
internal sealed class Adxl345Converter(Ambient ambient, UnitNoise noise)
{
    private const int SelfTest = 0x80;
    private const int FullResolution = 0x08;
    private const int LeftJustified = 0x04;

    /// <summary>One digit of an offset register is 15.6 mg: a sixty-fourth of a g.</summary>
    private const double OffsetDigitsPerG = 64;

    /// <summary>What the self-test force adds to each axis at 3.3 V, in g; well inside the limits of table 1.</summary>
    private static readonly double[] SelfTestG = [1.0, -1.0, 1.6];

    /// <summary>Zero-g offset and noise at 100 Hz of each axis, in g: typical values of table 1.</summary>
    private static readonly double[] OffsetErrorG = [0.035, 0.035, 0.040];
    private static readonly double[] NoiseG = [0.0029, 0.0029, 0.0043];

    /// <summary>The three accelerations at an instant, offset registers included, in g and unbounded.</summary>
    public (double X, double Y, double Z) Measure(TimeSpan at, byte dataFormat, ReadOnlySpan<sbyte> offsets, double rateHertz) => (
        Axis(0, ambient.AccelerationXG, at, dataFormat, offsets[0], rateHertz),
        Axis(1, ambient.AccelerationYG, at, dataFormat, offsets[1], rateHertz),
        Axis(2, ambient.AccelerationZG, at, dataFormat, offsets[2], rateHertz));

    public static Adxl345Sample Encode((double X, double Y, double Z) g, byte dataFormat) =>
        new(Word(g.X, dataFormat), Word(g.Y, dataFormat), Word(g.Z, dataFormat));

    /// <summary>
    /// Ten bits over the range, or with full resolution one bit more for each doubling of it: 256 steps a g. Held at both ends, sign extended,
    /// or moved up against the highest bit.
    /// </summary>
    private static ushort Word(double g, byte dataFormat)
    {
        int range = dataFormat & 3;
        bool full = (dataFormat & FullResolution) != 0;
        int bits = full ? 10 + range : 10;
        double stepsPerG = full ? 256 : 256 >> range;
        int half = 1 << (bits - 1);
        int code = (int)Math.Clamp(Math.Round(g * stepsPerG, MidpointRounding.AwayFromZero), -half, half - 1);
        return (ushort)((dataFormat & LeftJustified) != 0 ? code << (16 - bits) : code);
    }

    private double Axis(int axis, Stimulus acceleration, TimeSpan at, byte dataFormat, sbyte offset, double rateHertz)
    {
        double force = acceleration.At(at) + ((dataFormat & SelfTest) != 0 ? SelfTestG[axis] : 0);
        double sensitivity = 1 + noise.Error(axis, 0.01);
        return (force * sensitivity) + noise.Error(axis + 3, OffsetErrorG[axis]) + (offset / OffsetDigitsPerG)
            + noise.At(at, axis, NoiseG[axis] * Math.Sqrt(rateHertz / 100));
    }
}
