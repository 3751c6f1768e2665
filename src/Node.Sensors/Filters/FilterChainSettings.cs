using System.Text.Json;

namespace Node.Sensors.Filters;

/// <summary>
/// The checked filters of one quantity, in order. In settings they are a map, so that a patch can change or remove (null) one step alone:
/// <c>{"10_offset": -0.5, "20_median": {"window_size": 5, "send_every": 1}}</c>. A key is a number from 0 to 9999 that orders the steps, and the
/// filter's name. A value is the filter's main parameter, a map of parameters, or the same as text: <c>"window_size=5, send_every=1"</c>.
/// </summary>
public sealed class FilterChainSettings
{
    /// <summary>The most steps of one chain.</summary>
    public const int MostSteps = 32;

    internal FilterChainSettings(IReadOnlyList<FilterStep> steps)
    {
        Steps = steps;
    }

    /// <summary>No filter: every value passes unchanged.</summary>
    public static FilterChainSettings None { get; } = new([]);

    /// <summary>The names of all filters, in alphabetical order.</summary>
    public static IReadOnlyList<string> Kinds => [.. FilterKinds.Names.Order(StringComparer.Ordinal)];

    /// <summary>The steps in the order in which a value goes through them.</summary>
    public IReadOnlyList<FilterStep> Steps { get; }

    /// <summary>Reads one quantity's chain from JSON, for example from a twin. Members that are null do not count.</summary>
    /// <param name="json">The map of steps.</param>
    /// <param name="path">Where it was found; texts of faults begin with it.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed. Any fault makes the result unusable.</param>
    public static FilterChainSettings Read(JsonElement json, string path, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        return FilterChainReader.Read(SettingNode.From(json, path), faults);
    }

    /// <summary>Reads one quantity's chain from flat configuration keys below <paramref name="path"/>, such as <c>20_median:window_size</c>.</summary>
    /// <param name="keys">Keys relative to <paramref name="path"/> with their values; keys without value do not count.</param>
    /// <param name="path">The section; texts of faults begin with it.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed. Any fault makes the result unusable.</param>
    public static FilterChainSettings Read(IEnumerable<KeyValuePair<string, string?>> keys, string path, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(faults);
        return FilterChainReader.Read(SettingNode.From(keys, path), faults);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Steps);
}
