namespace Node.Sensors.Emulation;

/// <summary>One physical quantity over time. The same instant always gives the same value, in whatever order instants are asked. Immutable.</summary>
public abstract class Stimulus
{
    private protected Stimulus()
    {
    }

    /// <summary>The value at a time since the board was switched on, in the unit of the quantity it stands for. Negative times count as zero.</summary>
    public abstract double At(TimeSpan elapsed);

    /// <summary>The same value for ever.</summary>
    public static Stimulus Constant(double value) => new FunctionStimulus(_ => value);

    /// <summary>A straight line that keeps its last value when it has ended.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="over"/> is not positive.</exception>
    public static Stimulus Ramp(double from, double to, TimeSpan over)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(over, TimeSpan.Zero);
        return new FunctionStimulus(elapsed => from + ((to - from) * Math.Min(1.0, elapsed / over)));
    }

    /// <summary>A sine that begins at its mean and rises.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="period"/> is not positive.</exception>
    public static Stimulus Sine(double mean, double amplitude, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(period, TimeSpan.Zero);
        return new FunctionStimulus(elapsed => mean + (amplitude * Math.Sin(Math.Tau * (elapsed / period))));
    }

    /// <summary>Noise between −<paramref name="amplitude"/> and +<paramref name="amplitude"/>: a new uniformly drawn point every <paramref name="step"/>, joined by straight lines.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is not positive.</exception>
    public static Stimulus Noise(double amplitude, TimeSpan step, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return new NoiseStimulus(amplitude, step, seed);
    }

    /// <summary>A straight line that never ends.</summary>
    /// <param name="from">The value at the start.</param>
    /// <param name="perHour">What it gains in an hour.</param>
    public static Stimulus Drift(double from, double perHour) => new FunctionStimulus(elapsed => from + (perHour * elapsed.TotalHours));

    /// <summary>One value before an instant and another from it on.</summary>
    public static Stimulus Step(double from, double to, TimeSpan at) => new FunctionStimulus(elapsed => elapsed < at ? from : to);

    /// <summary>The sum of both at every instant.</summary>
    public Stimulus Plus(Stimulus other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new FunctionStimulus(elapsed => At(elapsed) + other.At(elapsed));
    }

    /// <summary>This one, held between two values.</summary>
    /// <exception cref="ArgumentException"><paramref name="minimum"/> is greater than <paramref name="maximum"/>.</exception>
    public Stimulus Within(double minimum, double maximum)
    {
        if (minimum > maximum) { throw new ArgumentException("The minimum is greater than the maximum.", nameof(minimum)); }

        return new FunctionStimulus(elapsed => Math.Clamp(At(elapsed), minimum, maximum));
    }
}
