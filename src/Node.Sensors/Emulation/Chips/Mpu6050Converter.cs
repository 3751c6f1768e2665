namespace Node.Sensors.Emulation;

/// <summary>
/// Takes one sample: physical world in, registers 0x3B to 0x48 out. The low-pass filter is modelled by its delay and by the noise that it
/// lets through. Source: PS-MPU-6000A revision 3.4, sections 6.1 to 6.3; RM-MPU-6000A revision 4.2, section 4.18.
/// </summary>
internal sealed class Mpu6050Converter
{
    /// <summary>Accelerometer X, Y, Z, temperature, gyroscope X, Y, Z, each high byte first.</summary>
    public const int Length = 14;

    private const double AccelerometerNoise = 400e-6; // g for each root of a hertz
    private const double GyroscopeNoise = 0.005; // degrees per second for each root of a hertz

    private readonly Mpu6050Unit _unit;
    private readonly Ambient _ambient;
    private readonly Stimulus[] _noise;

    public Mpu6050Converter(Mpu6050Unit unit, Ambient ambient)
    {
        _unit = unit;
        _ambient = ambient;
        _noise = [.. Enumerable.Range(0, Mpu6050Unit.Axes).Select(axis => unit.NoiseSeed is { } seed
            ? Stimulus.Noise(1.0, TimeSpan.FromTicks(1), unchecked(seed + axis)).Plus(Stimulus.Noise(1.0, TimeSpan.FromTicks(1), unchecked(seed + axis + 64)))
            : Stimulus.Constant(0.0))];
    }

    /// <summary>Overwrites what the settings let the chip measure; the rest keeps its last value.</summary>
    /// <param name="at">The instant.</param>
    /// <param name="control">The settings.</param>
    /// <param name="gyroscopeShare">How far the gyroscope has come up since it was switched on, 0 to 1.</param>
    /// <param name="offsets">What the host adds to every sample.</param>
    /// <param name="data">The data registers.</param>
    /// <param name="acceleration">What the accelerometer shows, in g; zero of an axis that is switched off.</param>
    public void Sample(TimeSpan at, Mpu6050Control control, double gyroscopeShare, Mpu6050Offsets offsets, Span<byte> data, Span<double> acceleration)
    {
        for (int axis = 0; axis < Mpu6050Unit.Axes; axis++)
        {
            if (!control.IsOn(axis)) { continue; }

            double value = (Shown(axis, at, control) * (axis < 3 ? 1.0 : gyroscopeShare)) + offsets.Of(axis);
            if (axis < 3) { acceleration[axis] = value; }

            Put(data, axis < 3 ? axis : axis + 1, value * control.Sensitivity(axis));
        }

        if (control.HasTemperature) { Put(data, 3, (_ambient.TemperatureCelsius.At(at) - 36.53) * 340.0); }
    }

    private static void Put(Span<byte> data, int word, double counts)
    {
        short code = (short)Math.Clamp(Math.Round(counts), short.MinValue, short.MaxValue);
        (data[2 * word], data[(2 * word) + 1]) = ((byte)(code >> 8), (byte)code);
    }

    private double Shown(int axis, TimeSpan at, Mpu6050Control control)
    {
        double density = axis < 3 ? AccelerometerNoise : GyroscopeNoise;
        double noise = _noise[axis].At(at) * density * Math.Sqrt(1.5 * control.BandwidthHertz); // two uniform draws have a variance of 2/3
        double test = control.IsTesting(axis) ? _unit.SelfTestResponse(axis) : 0.0;
        return (World(axis).At(at - control.Delay(axis)) * _unit.Gain[axis]) + _unit.Offset[axis] + test + noise;
    }

    private Stimulus World(int axis) => axis switch
    {
        0 => _ambient.AccelerationXG,
        1 => _ambient.AccelerationYG,
        2 => _ambient.AccelerationZG,
        3 => _ambient.AngularRateXDegreesPerSecond,
        4 => _ambient.AngularRateYDegreesPerSecond,
        _ => _ambient.AngularRateZDegreesPerSecond,
    };
}
