namespace Node.Sensors.Drivers;

/// <summary>The options as commands and waiting times. Source: SHT3x-DIS datasheet version 5, table 4 and section 4.5.</summary>
internal sealed class Sht31Settings(Sht31Options options)
{
    public int Attempts { get; } = options.TransferAttempts;

    public bool Heater { get; } = options.Heater;

    public bool IsPeriodic { get; } = options.Acquisition != Sht31Acquisition.SingleShot;

    /// <summary>Starts one measurement, or the chip's own rhythm.</summary>
    public ushort Measure { get; } = options.Acquisition == Sht31Acquisition.SingleShot
        ? Sht31Command.SingleShot(options.Repeatability)
        : Sht31Command.Periodic(options.Acquisition, options.Repeatability);

    public TimeSpan TypicalTime { get; } = TimeSpan.FromMilliseconds(options.Repeatability switch
    {
        Sht31Repeatability.Low => 2.5,
        Sht31Repeatability.Medium => 4.5,
        _ => 12.5,
    });

    public TimeSpan MaximumTime { get; } = TimeSpan.FromMilliseconds(options.Repeatability switch
    {
        Sht31Repeatability.Low => 4.5,
        Sht31Repeatability.Medium => 6.5,
        _ => 15.5,
    });

    /// <summary>From one measurement of the chip's own rhythm to the next.</summary>
    public TimeSpan Period { get; } = TimeSpan.FromMilliseconds(options.Acquisition switch
    {
        Sht31Acquisition.EveryTwoSeconds => 2000,
        Sht31Acquisition.OncePerSecond => 1000,
        Sht31Acquisition.TwicePerSecond => 500,
        Sht31Acquisition.TenTimesPerSecond => 100,
        _ => 250,
    });

    /// <summary>Limit words with the commands that write them, in an order that never leaves the limits crossed.</summary>
    public IReadOnlyList<(ushort Command, ushort Word)> AlertWords { get; } = options.Alert is not { } alert ? [] :
    [
        (Sht31Command.WriteHighSet, alert.HighSet.ToWord()),
        (Sht31Command.WriteHighClear, alert.HighClear.ToWord()),
        (Sht31Command.WriteLowClear, alert.LowClear.ToWord()),
        (Sht31Command.WriteLowSet, alert.LowSet.ToWord()),
    ];
}
