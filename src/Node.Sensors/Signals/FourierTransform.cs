namespace Node.Sensors.Signals;

/// <summary>
/// The discrete Fourier transform of so many real values, by Cooley and Tukey's radix-2 method in place. Allocates at construction only. Not
/// for use by two callers at a time.
/// </summary>
internal sealed class FourierTransform
{
    private readonly double[] _cosines;
    private readonly double[] _sines;
    private readonly double[] _real;
    private readonly double[] _imaginary;
    private readonly int _bits;

    /// <param name="length">A power of two, 4 or more.</param>
    public FourierTransform(int length)
    {
        _bits = int.Log2(length);
        _real = new double[length];
        _imaginary = new double[length];
        _cosines = new double[length / 2];
        _sines = new double[length / 2];
        for (int i = 0; i < length / 2; i++) { (_sines[i], _cosines[i]) = Math.SinCos(-2 * Math.PI * i / length); }
    }

    /// <summary>The squared magnitudes of the frequencies from 0 to half the sampling rate.</summary>
    /// <param name="values">As many as the length.</param>
    /// <param name="power">Receives half the length and one more.</param>
    public void Power(ReadOnlySpan<double> values, Span<double> power)
    {
        for (int i = 0; i < values.Length; i++) { (_real[Reversed(i)], _imaginary[i]) = (values[i], 0); }

        for (int half = 1; half < values.Length; half *= 2) { Combine(half, values.Length / half / 2); }

        for (int i = 0; i < power.Length; i++) { power[i] = (_real[i] * _real[i]) + (_imaginary[i] * _imaginary[i]); }
    }

    private int Reversed(int index)
    {
        int reversed = 0;
        for (int bit = 0; bit < _bits; bit++) { reversed |= ((index >> bit) & 1) << (_bits - 1 - bit); }

        return reversed;
    }

    /// <summary>Joins neighbours of so many frequencies each into one of twice as many.</summary>
    private void Combine(int half, int stride)
    {
        for (int start = 0; start < _real.Length; start += 2 * half)
        {
            for (int i = 0; i < half; i++)
            {
                (int upper, int lower) = (start + i, start + i + half);
                (double cosine, double sine) = (_cosines[i * stride], _sines[i * stride]);
                double real = (_real[lower] * cosine) - (_imaginary[lower] * sine);
                double imaginary = (_real[lower] * sine) + (_imaginary[lower] * cosine);
                (_real[lower], _imaginary[lower]) = (_real[upper] - real, _imaginary[upper] - imaginary);
                (_real[upper], _imaginary[upper]) = (_real[upper] + real, _imaginary[upper] + imaginary);
            }
        }
    }
}
