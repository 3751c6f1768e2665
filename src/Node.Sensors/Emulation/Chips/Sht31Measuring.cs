namespace Node.Sensors.Emulation;

/// <summary>
/// The measurements of an emulated SHT31, single or by its own clock, and what the next read gets. Source: SHT3x-DIS datasheet version 5,
/// sections 4.3 to 4.8.
/// </summary>
internal sealed class Sht31Measuring(Sht31Converter converter, Sht31Rhythm rhythm, Sht31Status status, Sht31Alert alert)
{
    private byte[]? _measurement;
    private byte[]? _answer;
    private bool _stretches;

    public bool IsPeriodic => rhythm.IsPeriodic;

    public bool IsMeasuring => rhythm.IsPeriodic || rhythm.IsMeasuringOnce;

    /// <summary>The end of the running or next measurement.</summary>
    public TimeSpan End => rhythm.End;

    public void Reset()
    {
        rhythm.Stop();
        _measurement = null;
        _answer = null;
    }

    /// <summary>A command that is carried out takes away what the one before had to tell.</summary>
    public void ForgetAnswer() => _answer = null;

    public void Answer(params ReadOnlySpan<int> words) => _answer = SensirionWord.Encode(words);

    /// <summary>Fetch data: what periodic measurement has found since the last time.</summary>
    public void Fetch()
    {
        _answer = _measurement;
        _measurement = null;
    }

    public void MeasureOnce(TimeSpan now, int repeatability, bool stretches)
    {
        _stretches = stretches;
        rhythm.StartOnce(now, repeatability);
    }

    public void MeasureAgainAndAgain(TimeSpan now, int repeatability, TimeSpan period)
    {
        _measurement = null;
        rhythm.StartPeriodic(now, repeatability, period);
    }

    public void Break()
    {
        rhythm.Stop();
        _measurement = null;
    }

    public void Stop() => rhythm.Stop();

    /// <summary>
    /// A read takes the answer; after its last byte the data line stays high. A chip that was told to stretch the clock answers even before
    /// its measurement has ended.
    /// </summary>
    /// <returns><see langword="false"/> when there is nothing to tell.</returns>
    public bool TryTake(Span<byte> bytes)
    {
        if (rhythm.IsMeasuringOnce && _stretches) { AdvanceTo(rhythm.End); }

        if (_answer is null) { return false; }

        bytes.Fill(0xFF);
        int length = Math.Min(bytes.Length, _answer.Length);
        _answer.AsSpan(0, length).CopyTo(bytes);
        _answer = null;
        return true;
    }

    /// <summary>Finishes every measurement whose end has come.</summary>
    public void AdvanceTo(TimeSpan now)
    {
        while (rhythm.TryFinish(now, out TimeSpan end))
        {
            (int temperature, int humidity) = converter.Measure(end, status.Heater, rhythm.Repeatability);
            byte[] frame = SensirionWord.Encode(temperature, humidity);
            if (rhythm.IsPeriodic)
            {
                _measurement = frame;
                alert.Judge(temperature, humidity);
            }
            else
            {
                _answer = frame;
            }
        }
    }
}
