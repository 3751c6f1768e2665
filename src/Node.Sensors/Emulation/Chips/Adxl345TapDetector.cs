namespace Node.Sensors.Emulation;

/// <summary>
/// Single and double taps: acceleration beyond the threshold for less than the duration; after the latency, a second one that begins within
/// the window. Source: ADXL345 datasheet, rev. E, section tap detection.
/// </summary>
internal sealed class Adxl345TapDetector(RegisterMap registers)
{
    private const byte DurationRegister = 0x21;
    private const byte LatencyRegister = 0x22;
    private const byte WindowRegister = 0x23;
    private const byte AxesRegister = 0x2A;
    private const int Suppress = 0x08;

    private static readonly TimeSpan DurationDigit = TimeSpan.FromMicroseconds(625);
    private static readonly TimeSpan LatencyDigit = TimeSpan.FromMicroseconds(1250);

    private TimeSpan? _began;
    private (TimeSpan Opens, TimeSpan Closes)? _second;

    public void Reset()
    {
        _began = null;
        _second = null;
    }

    /// <param name="at">The instant of the sample.</param>
    /// <param name="above">Whether any of the enabled axes is beyond the threshold.</param>
    /// <returns>The bits of INT_SOURCE that this sample asks for.</returns>
    public byte Observe(TimeSpan at, bool above)
    {
        if (above)
        {
            DisturbSecond(at, begins: _began is null);
            _began ??= at;
            return 0;
        }

        if (_second is { } over && at >= over.Closes && !(_began >= over.Opens)) { _second = null; }

        if (_began is not { } began) { return 0; }

        _began = null;
        return at - began < DurationDigit * registers[DurationRegister] ? EndOfTap(began, at) : EndOfShock(began);
    }

    private byte EndOfTap(TimeSpan began, TimeSpan at)
    {
        if (_second is { } second && began >= second.Opens && began < second.Closes)
        {
            _second = null;
            return Adxl345Source.DoubleTap;
        }

        bool awaitsSecond = registers[LatencyRegister] != 0 && registers[WindowRegister] != 0;
        if (awaitsSecond && _second is null)
        {
            TimeSpan opens = at + (LatencyDigit * registers[LatencyRegister]);
            _second = (opens, opens + (LatencyDigit * registers[WindowRegister]));
        }

        return Adxl345Source.SingleTap;
    }

    /// <summary>A shock within the latency ends the wait if it is to be suppressed, or if it still lasts when the window opens.</summary>
    private void DisturbSecond(TimeSpan at, bool begins)
    {
        if (_second is not { } second) { return; }

        bool early = (_began ?? at) < second.Opens;
        bool suppressed = begins && early && (registers[AxesRegister] & Suppress) != 0;
        if (suppressed || (early && at >= second.Opens)) { _second = null; }
    }

    /// <summary>Too long for a tap: within the window it uses up the chance of a second one.</summary>
    private byte EndOfShock(TimeSpan began)
    {
        if (began >= _second?.Opens) { _second = null; }

        return 0;
    }
}
