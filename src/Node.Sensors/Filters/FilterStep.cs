namespace Node.Sensors.Filters;

/// <summary>One checked step of a chain. Two steps are equal when they would do the same at the same place.</summary>
public sealed class FilterStep : IEquatable<FilterStep>
{
    private readonly Func<TimeSpan, Filter> _start;

    internal FilterStep(string key, string kind, string parameters, Func<TimeSpan, Filter> start)
    {
        Key = key;
        Kind = kind;
        Parameters = parameters;
        _start = start;
    }

    /// <summary>Its key in the settings, such as <c>20_median</c>: a number that orders the steps, and the filter's name.</summary>
    public string Key { get; }

    /// <summary>The filter's name, as ESPHome spells it.</summary>
    public string Kind { get; }

    /// <summary>The parameters in force, defaults included, such as <c>window_size=5, send_every=5, send_first_at=1</c>.</summary>
    public string Parameters { get; }

    /// <inheritdoc/>
    public bool Equals(FilterStep? other) => other is not null && Key == other.Key && Kind == other.Kind && Parameters == other.Parameters;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FilterStep);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Kind, Parameters);

    /// <inheritdoc/>
    public override string ToString() => $"{Key}({Parameters})";

    /// <summary>A fresh filter whose periods begin at <paramref name="now"/>.</summary>
    internal Filter Start(TimeSpan now) => _start(now);
}
