namespace Node.Sensors.Drivers;

/// <summary>The options as words and waiting times. Source: SCD4x datasheet version 1.4, sections 3.5 to 3.7 and table 9.</summary>
internal sealed class Scd41Settings(Scd41Options options)
{
    public bool IsPeriodic { get; } = options.Acquisition != Scd41Acquisition.SingleShot;

    public ushort Measure { get; } = options.Acquisition switch
    {
        Scd41Acquisition.EveryFiveSeconds => Scd41Command.StartPeriodic,
        Scd41Acquisition.EveryThirtySeconds => Scd41Command.StartLowPowerPeriodic,
        _ => Scd41Command.MeasureSingleShot,
    };

    /// <summary>From one measurement to the next, or the length of a single one.</summary>
    public TimeSpan Period { get; } = TimeSpan.FromSeconds(options.Acquisition == Scd41Acquisition.EveryThirtySeconds ? 30 : 5);

    /// <summary>
    /// How long a chip in good health may acknowledge nothing when the driver comes: a second for starting, by the oldest text that exists, and
    /// with single shots the length of one that a killed program began.
    /// </summary>
    public TimeSpan LongestBusyTime { get; } = TimeSpan.FromSeconds(options.Acquisition == Scd41Acquisition.SingleShot ? 5.5 : 1);

    /// <summary>Hectopascals, or <see langword="null"/> when the altitude counts.</summary>
    public ushort? Pressure { get; set; } = options.AmbientPressurePascals is { } pascals ? PressureWord(pascals) : null;

    /// <summary>Settings that are written to the idle chip, with the commands that get and set them.</summary>
    public IReadOnlyList<(ushort Get, ushort Set, ushort Word)> Words { get; } =
    [
        (Scd41Command.GetTemperatureOffset, Scd41Command.SetTemperatureOffset, (ushort)Math.Round(options.TemperatureOffsetCelsius / 175 * ushort.MaxValue)),
        (Scd41Command.GetAltitude, Scd41Command.SetAltitude, (ushort)options.AltitudeMeters),
        (Scd41Command.GetSelfCalibration, Scd41Command.SetSelfCalibration, (ushort)(options.SelfCalibrates ? 1 : 0)),
    ];

    public static ushort PressureWord(double pascals) => (ushort)Math.Round(pascals / 100);

    public static void ThrowUnlessPressure(double pascals, string name)
    {
        if (!(pascals is >= 70_000 and <= 120_000)) { throw new ArgumentOutOfRangeException(name, pascals, "70,000 to 120,000 Pa."); }
    }
}
