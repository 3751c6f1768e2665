namespace Node.Sensors.Filters;

/// <summary>
/// One step of a chain: a value in, at most one value out. It knows no clock: an instant is the time since any fixed origin, and never goes
/// back. A value may be NaN, which means "unknown" as in ESPHome.
/// </summary>
internal abstract class Filter
{
    /// <summary>When the step wants a turn although no value came; <see langword="null"/> as long as it wants none.</summary>
    public virtual TimeSpan? Due => null;

    /// <summary>Takes a value.</summary>
    /// <returns><see langword="null"/> when nothing goes on from here.</returns>
    public abstract double? Accept(double value, TimeSpan now);

    /// <summary>Takes its turn; called at <see cref="Due"/> or later, and again as long as <see cref="Due"/> is not after <paramref name="now"/>.</summary>
    /// <returns><see langword="null"/> when nothing goes on from here.</returns>
    public virtual double? Turn(TimeSpan now) => null;
}
