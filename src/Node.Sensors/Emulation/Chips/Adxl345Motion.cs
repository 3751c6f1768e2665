namespace Node.Sensors.Emulation;

/// <summary>
/// Activity, inactivity, free fall and taps as the samples show them. Thresholds are 62.5 mg a digit. Source: ADXL345 datasheet, rev. E,
/// register definitions 0x1D to 0x2B and section link mode.
/// </summary>
internal sealed class Adxl345Motion(RegisterMap registers)
{
    private const double DigitG = 0.0625;
    private const byte TapThreshold = 0x1D;
    private const byte ActivityThreshold = 0x24;
    private const byte InactivityThreshold = 0x25;
    private const byte InactivitySeconds = 0x26;
    private const byte ActivityControl = 0x27;
    private const byte FallThreshold = 0x28;
    private const byte FallTime = 0x29;
    private const byte TapAxes = 0x2A;
    private const byte PowerControl = 0x2D;
    private const byte InterruptEnable = 0x2E;
    private const int Link = 0x20;
    private const int AutoSleep = 0x10;

    private readonly Adxl345TapDetector _taps = new(registers);
    private readonly double[] _activityReference = new double[3];
    private readonly double[] _inactivityReference = new double[3];
    private bool _hasActivityReference;
    private bool _awaitsActivity;
    private TimeSpan? _quietSince;
    private TimeSpan? _fallingSince;
    private int _activityAxes;
    private int _tapAxes;

    /// <summary>Whether the chip has gone to sleep by itself.</summary>
    public bool IsAsleep { get; private set; }

    /// <summary>ACT_TAP_STATUS: the axes of the latest activity and tap, and the sleep.</summary>
    public byte Status => (byte)((_activityAxes << 4) | (IsAsleep ? 0x08 : 0) | _tapAxes);

    private bool IsLinked => (registers[PowerControl] & Link) != 0;

    public void Reset()
    {
        _taps.Reset();
        _hasActivityReference = false;
        _awaitsActivity = false;
        _quietSince = null;
        _fallingSince = null;
        _activityAxes = 0;
        _tapAxes = 0;
        IsAsleep = false;
    }

    /// <returns>The bits of INT_SOURCE that this sample sets; only of functions that INT_ENABLE has switched on.</returns>
    public byte Observe(TimeSpan at, ReadOnlySpan<double> g)
    {
        int enabled = registers[InterruptEnable];
        int events = 0;
        if ((enabled & (Adxl345Source.SingleTap | Adxl345Source.DoubleTap)) != 0) { events |= Tap(at, g); }

        if ((enabled & Adxl345Source.FreeFall) != 0) { events |= Fall(at, g); }

        bool wasAwaiting = _awaitsActivity; // so that one sample does not end one detection and the next
        if ((enabled & Adxl345Source.Activity) != 0 && (!IsLinked || wasAwaiting)) { events |= Activity(g); }

        if ((enabled & Adxl345Source.Inactivity) != 0 && (!IsLinked || !wasAwaiting)) { events |= Inactivity(at, g); }

        return (byte)(events & enabled);
    }

    /// <summary>Bits 2 to 0 stand for X, Y and Z.</summary>
    private static int AxesBeyond(ReadOnlySpan<double> g, ReadOnlySpan<double> reference, int axes, double threshold)
    {
        int beyond = 0;
        for (int axis = 0; axis < 3; axis++)
        {
            int bit = 4 >> axis;
            if ((axes & bit) != 0 && Math.Abs(g[axis] - reference[axis]) > threshold) { beyond |= bit; }
        }

        return beyond;
    }

    private int Tap(TimeSpan at, ReadOnlySpan<double> g)
    {
        int axes = AxesBeyond(g, stackalloc double[3], registers[TapAxes] & 7, registers[TapThreshold] * DigitG);
        if (axes != 0) { _tapAxes = axes; }

        return _taps.Observe(at, axes != 0);
    }

    private int Fall(TimeSpan at, ReadOnlySpan<double> g)
    {
        bool falling = AxesBeyond(g, stackalloc double[3], 7, registers[FallThreshold] * DigitG) == 0;
        if (!falling)
        {
            _fallingSince = null;
            return 0;
        }

        _fallingSince ??= at;
        return at - _fallingSince >= TimeSpan.FromMilliseconds(5) * registers[FallTime] ? Adxl345Source.FreeFall : 0;
    }

    /// <summary>Against zero, or ac-coupled against where the detection began.</summary>
    private int Activity(ReadOnlySpan<double> g)
    {
        int control = registers[ActivityControl] >> 4;
        bool coupled = (control & 8) != 0;
        if (coupled && !_hasActivityReference) { Refer(_activityReference, g); }

        _hasActivityReference = true;
        int axes = AxesBeyond(g, coupled ? _activityReference : stackalloc double[3], control & 7, registers[ActivityThreshold] * DigitG);
        if (axes == 0) { return 0; }

        _activityAxes = axes;
        _hasActivityReference = false;
        _awaitsActivity = false;
        _quietSince = null;
        IsAsleep = false;
        return Adxl345Source.Activity;
    }

    private int Inactivity(TimeSpan at, ReadOnlySpan<double> g)
    {
        int control = registers[ActivityControl];
        bool coupled = (control & 8) != 0;
        if ((control & 7) == 0) { return 0; }

        if (_quietSince is null) { Refer(_inactivityReference, g); }

        int axes = AxesBeyond(g, coupled ? _inactivityReference : stackalloc double[3], control & 7, registers[InactivityThreshold] * DigitG);
        if (axes != 0)
        {
            _quietSince = null;
            return 0;
        }

        _quietSince ??= at;
        if (at - _quietSince < TimeSpan.FromSeconds(registers[InactivitySeconds])) { return 0; }

        _quietSince = null;
        _hasActivityReference = false;
        _awaitsActivity = true;
        IsAsleep = IsLinked && (registers[PowerControl] & AutoSleep) != 0;
        return Adxl345Source.Inactivity;
    }

    private static void Refer(double[] reference, ReadOnlySpan<double> g) => g.CopyTo(reference);
}
