namespace Node.Sensors.Signals;

/// <summary>How a <see cref="GpioInput"/> is wired.</summary>
public sealed record GpioInputOptions
{
    /// <summary>The BCM number of the pin, 0 to 53. It must be given.</summary>
    public int Pin { get; init; } = -1;

    /// <summary>Default up: for a contact to ground.</summary>
    public GpioPull Pull { get; init; } = GpioPull.Up;

    /// <summary>Whether low is active, as with a contact to ground. Default <see langword="true"/>.</summary>
    public bool ActiveLow { get; init; } = true;

    /// <summary>How long a level must stand to count, in milliseconds, 0 to 10,000. Default 20; a flow meter's clean pulses need 0.</summary>
    public double DebounceMilliseconds { get; init; } = 20;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Pin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Pin, 53);
        ArgumentOutOfRangeException.ThrowIfLessThan((int)Pull, (int)GpioPull.None, nameof(Pull));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)Pull, (int)GpioPull.Down, nameof(Pull));
        if (!(DebounceMilliseconds is >= 0 and <= 10_000)) { throw new ArgumentOutOfRangeException(nameof(DebounceMilliseconds), DebounceMilliseconds, "0 to 10,000."); }
    }
}
