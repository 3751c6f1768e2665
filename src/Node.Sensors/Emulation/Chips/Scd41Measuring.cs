namespace Node.Sensors.Emulation;

/// <summary>
/// The measurements of an emulated SCD41: in a rhythm or single, with the settings in force, the correction of a forced recalibration, and
/// the buffer that a read empties. Source: SCD4x datasheet version 1.4, sections 3.5, 3.7.1, 3.8 and 3.10.
/// </summary>
internal sealed class Scd41Measuring(Scd41Converter converter, Func<TimeSpan, TimeSpan> slowed)
{
    /// <summary>What the first single shot after power-up shows of the truth: it "should be discarded" (section 3.10.1), so this one deserves it.</summary>
    private const double FirstShotShare = 0.85;

    private static readonly TimeSpan TimeBeforeRecalibration = TimeSpan.FromMinutes(3); // section 3.7.1

    private readonly Scd41Rhythm _rhythm = new();
    private double _correctionPpm;
    private byte[]? _measurement;
    private (TimeSpan End, bool ClimateOnly)? _singleShot;
    private bool _isFresh;

    /// <summary>What measurements are made with.</summary>
    public Scd41Memory InForce { get; set; } = Scd41Memory.Factory;

    public bool IsPeriodic => _rhythm.IsRunning;

    public bool HasMeasurement => _measurement is not null;

    /// <summary>Power-up and wake-up: the next single shot is the first.</summary>
    public void BeFresh() => _isFresh = true;

    /// <summary>Supply was lost.</summary>
    public void ForgetRhythm() => _rhythm.Forget();

    public void ForgetMeasurements()
    {
        _measurement = null;
        _singleShot = null;
    }

    public void ForgetCorrection() => _correctionPpm = 0;

    public void StartPeriodic(TimeSpan now, int seconds) => _rhythm.Start(now, slowed(TimeSpan.FromSeconds(seconds)));

    public void StopPeriodic(TimeSpan now) => _rhythm.Stop(now);

    public void StartSingleShot(TimeSpan now, int milliseconds, bool climateOnly) =>
        _singleShot = (now + slowed(TimeSpan.FromMilliseconds(milliseconds)), climateOnly);

    /// <summary>Empties the buffer.</summary>
    /// <returns>Three words with their checksums, or <see langword="null"/> when nothing was measured since.</returns>
    public byte[]? Take()
    {
        byte[]? frame = _measurement;
        _measurement = null;
        return frame;
    }

    /// <summary>The correction outlives the supply without being persisted; section 3.9.1.</summary>
    /// <returns>The word of the answer.</returns>
    public int Recalibrate(TimeSpan now, int targetPpm)
    {
        bool isWarm = _rhythm.LastOperation >= TimeBeforeRecalibration;
        int correction = targetPpm - Scd41Converter.CarbonDioxideWord(converter.CarbonDioxide(now, InForce) + _correctionPpm);
        if (isWarm) { _correctionPpm += correction; }

        return isWarm ? (0x8000 + correction) & 0xFFFF : 0xFFFF;
    }

    /// <summary>Finishes what has ended by now.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        if (_rhythm.TryFinish(now, out TimeSpan end)) { Measure(end, climateOnly: false, share: 1); }

        if (_singleShot is { } shot && now >= shot.End)
        {
            _singleShot = null;
            Measure(shot.End, shot.ClimateOnly, _isFresh ? FirstShotShare : 1);
            _isFresh = false;
        }
    }

    private void Measure(TimeSpan at, bool climateOnly, double share)
    {
        (int temperature, int humidity) = converter.Climate(at, InForce);
        double ppm = climateOnly ? 0 : (converter.CarbonDioxide(at, InForce) + _correctionPpm) * share;
        _measurement = SensirionWord.Encode(Scd41Converter.CarbonDioxideWord(ppm), temperature, humidity);
    }
}
