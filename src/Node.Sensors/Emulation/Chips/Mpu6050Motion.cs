namespace Node.Sensors.Emulation;

/// <summary>
/// The three detectors behind the accelerometer of an MPU-6050: free fall, motion and zero motion, each a threshold and a time. They see what
/// the high-pass filter lets through. Source: register map RM-MPU-6000A revision 3.2, registers 29 to 34, 97 and 105; units as i2cdevlib
/// quotes them. Later revisions of the map name only the motion threshold, and the chip kept the rest.
/// </summary>
internal sealed class Mpu6050Motion(RegisterMap registers)
{
    private const byte FreeFallThreshold = 0x1D;
    private const byte FreeFallDuration = 0x1E;
    private const byte MotionThreshold = 0x1F;
    private const byte MotionDuration = 0x20;
    private const byte ZeroMotionThreshold = 0x21;
    private const byte ZeroMotionDuration = 0x22;
    private const byte Control = 0x69;
    private const byte AccelerometerConfiguration = 0x1C;
    private const double ThresholdG = 0.002;
    private const int ZeroMotionBit = 0x01;
    private const int SettlingMilliseconds = 2000;
    private const int LongestMilliseconds = 64 * 256;

    private readonly Mpu6050HighPass _filter = new();
    private double _freeFallMilliseconds;
    private double _motionMilliseconds;
    private double _zeroMotionMilliseconds;
    private int _directions;
    private bool _isStill;

    /// <summary>How far back a detector that is set up can look: its time, and some for the slowest filter to settle.</summary>
    public TimeSpan Memory => (registers[FreeFallThreshold] | registers[MotionThreshold] | registers[ZeroMotionThreshold]) == 0
        ? TimeSpan.Zero
        : TimeSpan.FromMilliseconds(SettlingMilliseconds + Math.Max(64 * registers[ZeroMotionDuration], Math.Max(registers[FreeFallDuration], registers[MotionDuration])));

    public void Describe()
    {
        registers.Add(FreeFallThreshold, "FF_THR");
        registers.Add(FreeFallDuration, "FF_DUR");
        registers.Add(MotionThreshold, "MOT_THR");
        registers.Add(MotionDuration, "MOT_DUR");
        registers.Add(ZeroMotionThreshold, "ZRMOT_THR");
        registers.Add(ZeroMotionDuration, "ZRMOT_DUR");
        registers.Add(0x61, "MOT_DETECT_STATUS", access: RegisterAccess.ReadOnly, onRead: TakeStatus);
        registers.Add(Control, "MOT_DETECT_CTRL", writeMask: 0x3F);
    }

    public void Reset()
    {
        _filter.Reset();
        _freeFallMilliseconds = 0;
        _motionMilliseconds = 0;
        _zeroMotionMilliseconds = 0;
        _directions = 0;
        _isStill = false;
    }

    /// <summary>Looks at a sample.</summary>
    /// <returns>The bits of INT_STATUS that it causes.</returns>
    public byte Observe(ReadOnlySpan<double> g, TimeSpan period)
    {
        Span<double> filtered = stackalloc double[3];
        _filter.Pass(g, registers[AccelerometerConfiguration] & 7, period, filtered);
        double largest = Math.Max(Math.Abs(filtered[0]), Math.Max(Math.Abs(filtered[1]), Math.Abs(filtered[2])));
        double milliseconds = period.TotalMilliseconds;

        bool falls = largest < Threshold(FreeFallThreshold);
        bool moves = largest > Threshold(MotionThreshold);
        bool rests = largest < Threshold(ZeroMotionThreshold);
        Count(ref _freeFallMilliseconds, falls, milliseconds, registers[Control] >> 2);
        Count(ref _motionMilliseconds, moves, milliseconds, registers[Control]);
        Count(ref _zeroMotionMilliseconds, rests, milliseconds, decrement: 0);

        byte causes = 0;
        if (falls && _freeFallMilliseconds >= registers[FreeFallDuration]) { causes |= Mpu6050Interrupt.FreeFall; }
        if (moves && _motionMilliseconds >= registers[MotionDuration])
        {
            causes |= Mpu6050Interrupt.Motion;
            _directions |= Directions(filtered, Threshold(MotionThreshold));
        }

        return Rest(rests && _zeroMotionMilliseconds >= 64 * registers[ZeroMotionDuration]) ? (byte)(causes | Mpu6050Interrupt.ZeroMotion) : causes;
    }

    /// <summary>A read of MOT_DETECT_STATUS: the directions of motion are forgotten, stillness stays.</summary>
    private byte TakeStatus()
    {
        byte status = (byte)(_directions | (_isStill ? ZeroMotionBit : 0));
        _directions = 0;
        return status;
    }

    /// <summary>Unlike the others it tells both of its beginning and of its end.</summary>
    private bool Rest(bool still)
    {
        bool changed = still != _isStill;
        _isStill = still;
        return changed;
    }

    private double Threshold(byte register) => registers[register] * ThresholdG;

    /// <summary>What does not qualify takes a counter back to zero, or with a decrement of 1, 2 or 4 down by so many times its own time.</summary>
    private static void Count(ref double counter, bool qualifies, double milliseconds, int decrement)
    {
        double back = (decrement & 3) switch { 0 => counter, 1 => milliseconds, 2 => 2 * milliseconds, _ => 4 * milliseconds };
        counter = Math.Clamp(counter + (qualifies ? milliseconds : -back), 0, LongestMilliseconds);
    }

    /// <summary>X negative in bit 7, X positive in bit 6, and so on.</summary>
    private static int Directions(ReadOnlySpan<double> g, double threshold)
    {
        int bits = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            if (g[axis] < -threshold) { bits |= 0x80 >> (2 * axis); }
            if (g[axis] > threshold) { bits |= 0x40 >> (2 * axis); }
        }

        return bits;
    }
}
