namespace Node.Sensors.Signals;

/// <summary>
/// Turns a window of samples into a <see cref="SignalSummary"/> and the RMS of equal frequency bands, through a Hann window. Allocates at
/// construction only. Not for use by two callers at a time.
/// </summary>
public sealed class SignalAnalyzer
{
    /// <summary>The shortest window.</summary>
    public const int ShortestLength = 64;

    /// <summary>The longest window.</summary>
    public const int LongestLength = 65_536;

    /// <summary>The first frequency that counts: what a slow drift leaves, the window spreads over those below.</summary>
    private const int FirstBin = 2;

    private readonly FourierTransform _transform;
    private readonly double[] _window;
    private readonly double[] _windowed;
    private readonly double[] _power;
    private readonly double[] _bands;
    private readonly double _hertzPerBin;
    private readonly double _windowPower;

    /// <summary>Prepares for windows of one length.</summary>
    /// <param name="length">Samples in a window: a power of two from <see cref="ShortestLength"/> to <see cref="LongestLength"/>.</param>
    /// <param name="rateHertz">Samples a second, more than 0.</param>
    /// <param name="bandCount">Into how many equal bands the frequencies up to half the rate are parted, 0 to 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public SignalAnalyzer(int length, double rateHertz, int bandCount = 0)
    {
        if (length is < ShortestLength or > LongestLength || !int.IsPow2(length))
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, "A power of two from 64 to 65536.");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rateHertz);
        ArgumentOutOfRangeException.ThrowIfNegative(bandCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bandCount, 16);
        Length = length;
        _transform = new FourierTransform(length);
        _window = [.. Enumerable.Range(0, length).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)))];
        _windowPower = _window.Sum(static weight => weight * weight);
        _windowed = new double[length];
        _power = new double[(length / 2) + 1];
        _bands = new double[bandCount];
        _hertzPerBin = rateHertz / length;
    }

    /// <summary>Samples in a window.</summary>
    public int Length { get; }

    /// <summary>The RMS of each band of the last window, lowest band first, in the samples' unit.</summary>
    public ReadOnlySpan<double> BandRms => _bands;

    /// <summary>Condenses a window.</summary>
    /// <param name="samples">Exactly <see cref="Length"/> of them.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public SignalSummary Analyze(ReadOnlySpan<double> samples)
    {
        if (samples.Length != Length) { throw new ArgumentException($"The window has {Length} samples.", nameof(samples)); }

        (double sum, double low, double high) = (0, double.PositiveInfinity, double.NegativeInfinity);
        foreach (double sample in samples) { (sum, low, high) = (sum + sample, Math.Min(low, sample), Math.Max(high, sample)); }

        double mean = sum / Length;
        double squares = 0;
        for (int i = 0; i < Length; i++)
        {
            double moved = samples[i] - mean;
            squares += moved * moved;
            _windowed[i] = moved * _window[i];
        }

        _transform.Power(_windowed, _power);
        FillBands();
        double rms = Math.Sqrt(squares / Length);
        double peak = Math.Max(high - mean, mean - low);
        bool moves = high > low;
        return new SignalSummary(mean, rms, peak, high - low, moves ? peak / rms : null, moves ? DominantHertz() : null);
    }

    /// <summary>
    /// Between two lines of the spectrum the ratio of their magnitudes tells where a pure tone lies: with a Hann window (2r - 1) / (r + 1)
    /// lines from the stronger one towards the other.
    /// </summary>
    private double DominantHertz()
    {
        int strongest = FirstBin;
        for (int bin = FirstBin; bin < _power.Length; bin++)
        {
            if (_power[bin] > _power[strongest]) { strongest = bin; }
        }

        double above = strongest + 1 < _power.Length ? _power[strongest + 1] : 0;
        double below = _power[strongest - 1];
        double ratio = _power[strongest] > 0 ? Math.Sqrt(Math.Max(above, below) / _power[strongest]) : 0.5;
        double shift = Math.Clamp(((2 * ratio) - 1) / (ratio + 1), 0, 0.5);
        return (strongest + (above >= below ? shift : -shift)) * _hertzPerBin;
    }

    private void FillBands()
    {
        if (_bands.Length == 0) { return; }

        Array.Clear(_bands);
        int bins = _power.Length - 1;
        for (int bin = 1; bin <= bins; bin++) { _bands[(bin - 1) * _bands.Length / bins] += _power[bin]; }

        for (int band = 0; band < _bands.Length; band++) { _bands[band] = Math.Sqrt(2 * _bands[band] / (Length * _windowPower)); }
    }
}
