namespace Node.Sensors.Emulation;

/// <summary>
/// ACCEL_HPF, the filter in front of an MPU-6050's motion detectors: off, a corner frequency, or the difference to a held sample. Source:
/// register map RM-MPU-6000A revision 3.2, register 28.
/// </summary>
internal sealed class Mpu6050HighPass
{
    private const int Hold = 7;

    private readonly double[] _last = new double[3];
    private readonly double[] _passed = new double[3];
    private int _mode;

    public void Reset()
    {
        Array.Clear(_last);
        Array.Clear(_passed);
        _mode = 0;
    }

    /// <param name="sample">Three accelerations.</param>
    /// <param name="mode">The three bits: 0 off, 1 to 4 from 5 Hz down to 0.63 Hz, 7 hold; the others are reserved and taken as off.</param>
    /// <param name="period">How long ago the sample before was taken.</param>
    /// <param name="filtered">What comes out: nothing at the first sample after a filter was switched on.</param>
    public void Pass(ReadOnlySpan<double> sample, int mode, TimeSpan period, Span<double> filtered)
    {
        bool begins = mode != _mode;
        _mode = mode;
        double corner = mode switch { 1 => 5, 2 => 2.5, 3 => 1.25, 4 => 0.63, _ => 0 };
        if (corner == 0 && mode != Hold)
        {
            sample.CopyTo(filtered);
            return;
        }

        double constant = 1 / (2 * Math.PI * Math.Max(corner, 0.01));
        double share = constant / (constant + period.TotalSeconds);
        for (int axis = 0; axis < 3; axis++)
        {
            double step = begins ? 0 : sample[axis] - _last[axis];
            _passed[axis] = mode == Hold ? step : begins ? 0 : share * (_passed[axis] + step);
            if (mode != Hold || begins) { _last[axis] = sample[axis]; }

            filtered[axis] = _passed[axis];
        }
    }
}
