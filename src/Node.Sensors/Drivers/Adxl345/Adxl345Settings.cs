namespace Node.Sensors.Drivers;

/// <summary>The options as the chip's registers. Source: ADXL345 datasheet, rev. E, register definitions.</summary>
internal sealed class Adxl345Settings
{
    private const int LowPowerBit = 0x10;
    private const int FullResolutionBit = 0x08;
    private const int SuppressBit = 0x08;
    private const int RelativeBit = 0x08;

    private readonly double _gPerStep;
    private readonly int _half;

    /// <param name="options">The options.</param>
    /// <param name="interrupts">Bits of INT_ENABLE besides those of the events.</param>
    /// <param name="interruptLine">The output for these.</param>
    /// <param name="fifoControl">FIFO_CTL; 0 bypasses the FIFO.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Adxl345Settings(Adxl345Options options, byte interrupts = 0, Adxl345Line interruptLine = Adxl345Line.Int1, byte fifoControl = 0)
    {
        options.Validate();
        Events = EventsOf(options);
        Motion = MotionOf(options);
        Rate = (byte)((int)options.Rate | (options.LowPower ? LowPowerBit : 0));
        DataFormat = (byte)((int)options.Range | (options.FullResolution ? FullResolutionBit : 0));
        InterruptEnable = (byte)(interrupts | (int)Events);
        InterruptMap = (byte)((options.EventLine == Adxl345Line.Int2 ? (int)Events : 0) | (interruptLine == Adxl345Line.Int2 ? interrupts : 0));
        FifoControl = fifoControl;
        Period = options.Period;
        _gPerStep = (options.FullResolution ? 1.0 : 1 << (int)options.Range) / Adxl345Scale.StepsPerG;
        _half = options.FullResolution ? 512 << (int)options.Range : 512;
    }

    /// <summary>The events that are switched on.</summary>
    public Adxl345Events Events { get; }

    /// <summary>THRESH_TAP to TAP_AXES.</summary>
    public byte[] Motion { get; }

    public byte Rate { get; }

    public byte DataFormat { get; }

    public byte InterruptEnable { get; }

    public byte InterruptMap { get; }

    public byte FifoControl { get; }

    public TimeSpan Period { get; }

    /// <summary>Whether the registers from BW_RATE on hold these settings and the chip measures. After a brown-out it is in standby.</summary>
    public bool AreInForce(ReadOnlySpan<byte> fromRate) =>
        fromRate[0] == Rate && fromRate[1] == Adxl345Register.Measure && fromRate[2] == InterruptEnable && fromRate[3] == InterruptMap
        && fromRate[5] == DataFormat;

    public Adxl345Reading Convert(Adxl345Frame frame) =>
        new(frame.X * _gPerStep, frame.Y * _gPerStep, frame.Z * _gPerStep, IsAtAnEnd(frame.X) || IsAtAnEnd(frame.Y) || IsAtAnEnd(frame.Z));

    private bool IsAtAnEnd(short word) => word <= -_half || word >= _half - 1;

    private static Adxl345Events EventsOf(Adxl345Options options) =>
        (options.Tap is null ? 0 : Adxl345Events.SingleTap | Adxl345Events.DoubleTap)
        | (options.Activity is null ? 0 : Adxl345Events.Activity)
        | (options.Inactivity is null ? 0 : Adxl345Events.Inactivity)
        | (options.FreeFall is null ? 0 : Adxl345Events.FreeFall);

    private static byte[] MotionOf(Adxl345Options options)
    {
        byte[] registers = new byte[Adxl345Register.MotionLength];
        registers[1] = Adxl345Scale.Offset(options.OffsetXG, nameof(options.OffsetXG));
        registers[2] = Adxl345Scale.Offset(options.OffsetYG, nameof(options.OffsetYG));
        registers[3] = Adxl345Scale.Offset(options.OffsetZG, nameof(options.OffsetZG));
        if (options.Tap is { } tap)
        {
            registers[0] = Adxl345Scale.Threshold(tap.ThresholdG, nameof(options.Tap));
            registers[4] = Adxl345Scale.Time(tap.Duration, 625, 1, nameof(options.Tap));
            registers[5] = Adxl345Scale.Time(tap.Latency, 1250, 0, nameof(options.Tap));
            registers[6] = Adxl345Scale.Time(tap.Window, 1250, 0, nameof(options.Tap));
            registers[13] = (byte)(AxesOf(tap.Axes, nameof(options.Tap)) | (tap.SuppressWithinLatency ? SuppressBit : 0));
        }

        if (options.Activity is { } activity)
        {
            registers[7] = Adxl345Scale.Threshold(activity.ThresholdG, nameof(options.Activity));
            registers[10] |= (byte)((AxesOf(activity.Axes, nameof(options.Activity)) | (activity.RelativeToStart ? RelativeBit : 0)) << 4);
        }

        if (options.Inactivity is { } inactivity)
        {
            registers[8] = Adxl345Scale.Threshold(inactivity.ThresholdG, nameof(options.Inactivity));
            registers[9] = Adxl345Scale.Time(inactivity.Duration, 1_000_000, 1, nameof(options.Inactivity));
            registers[10] |= (byte)(AxesOf(inactivity.Axes, nameof(options.Inactivity)) | (inactivity.RelativeToStart ? RelativeBit : 0));
        }

        if (options.FreeFall is { } fall)
        {
            registers[11] = Adxl345Scale.Threshold(fall.ThresholdG, nameof(options.FreeFall));
            registers[12] = Adxl345Scale.Time(fall.Duration, 5_000, 1, nameof(options.FreeFall));
        }

        return registers;
    }

    private static int AxesOf(Adxl345Axes axes, string name)
    {
        Adxl345Scale.ThrowUnlessWithin((int)axes, (int)Adxl345Axes.Z, (int)Adxl345Axes.All, name);
        return (int)axes;
    }
}
