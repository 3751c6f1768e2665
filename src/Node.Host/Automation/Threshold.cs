namespace Node.Host.Automation;

/// <summary>A limit of one quantity's raw value, whose crossing raises an alarm.</summary>
/// <param name="Id">Its name within the sensor.</param>
/// <param name="Quantity">The quantity's name.</param>
/// <param name="IsAbove">Whether values above the limit are past it, or values below.</param>
/// <param name="Limit">In the quantity's unit.</param>
internal sealed record Threshold(string Id, string Quantity, bool IsAbove, double Limit)
{
    private const int MostDecimals = 15; // As far as Math.Round goes.

    /// <summary>The longest allowed <see cref="HoldTime"/>: a day.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromDays(1);

    /// <summary>How far the value must come back behind the limit before the alarm is cleared; 0 or more, in the quantity's unit.</summary>
    public double Hysteresis { get; init; }

    /// <summary>How long the value must stay past the limit before the alarm is raised. Default at once.</summary>
    public TimeSpan HoldTime { get; init; }

    /// <summary>Whether a raised alarm stays until somebody clears it.</summary>
    public bool Latch { get; init; }

    /// <summary>The actuator that is driven while the alarm is raised; null for none.</summary>
    public ThresholdDrive? Drive { get; init; }

    /// <summary>Whether this value is past the limit.</summary>
    public bool IsPast(double value) => IsAbove ? value > Limit : value < Limit;

    /// <summary>Whether this value is behind limit and hysteresis again.</summary>
    public bool IsBack(double value) => IsAbove ? value <= Limit - Hysteresis : value >= Limit + Hysteresis;

    /// <summary>The value as people and consumers are told it: with the digits that its quantity deserves, and more only where fewer would put it on another side of the limit.</summary>
    /// <param name="value">Finite, in the quantity's unit.</param>
    /// <param name="decimals">Digits after the decimal point that the quantity deserves, 0 or more.</param>
    public double Shown(double value, int decimals)
    {
        for (int digits = decimals; digits <= MostDecimals; digits++)
        {
            double rounded = Math.Round(value, digits);
            if (IsPast(rounded) == IsPast(value) && IsBack(rounded) == IsBack(value))
            {
                return rounded;
            }
        }

        return value;
    }
}

/// <summary>What an alarm does to an actuator.</summary>
/// <param name="Actuator">The actuator's name.</param>
/// <param name="On">The state while the alarm is raised; afterwards the fail-safe state.</param>
internal sealed record ThresholdDrive(string Actuator, bool On);
