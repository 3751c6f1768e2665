using System.Text.Json;

namespace Node.Sensors.Filters;

/// <summary>
/// The checked filters of one sensor: a chain for each quantity that has one, as in
/// <c>{"temperature": {"10_offset": -0.5}, "humidity": {"10_delta": "2%"}}</c>.
/// </summary>
public sealed class SensorFilterSettings
{
    private readonly Dictionary<string, FilterChainSettings> _chains;

    private SensorFilterSettings(Dictionary<string, FilterChainSettings> chains)
    {
        _chains = chains;
    }

    /// <summary>No filters at all.</summary>
    public static SensorFilterSettings None { get; } = new([]);

    /// <summary>The quantities that have filters.</summary>
    public IReadOnlyCollection<string> Quantities => _chains.Keys;

    /// <summary>The chain of a quantity; <see cref="FilterChainSettings.None"/> when it has no filters.</summary>
    public FilterChainSettings this[string quantityName] => _chains.GetValueOrDefault(quantityName, FilterChainSettings.None);

    /// <summary>Reads a sensor's filters from JSON, for example from a twin. Members that are null do not count.</summary>
    /// <param name="json">The map of chains by quantity.</param>
    /// <param name="path">Where it was found; texts of faults begin with it.</param>
    /// <param name="quantityNames">What the sensor measures.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed. Any fault makes the result unusable.</param>
    public static SensorFilterSettings Read(JsonElement json, string path, IReadOnlyList<string> quantityNames, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(quantityNames);
        ArgumentNullException.ThrowIfNull(faults);
        return Read(SettingNode.From(json, path), quantityNames, faults);
    }

    /// <summary>Reads a sensor's filters from flat configuration keys below <paramref name="path"/>, such as <c>temperature:10_offset</c>.</summary>
    /// <param name="keys">Keys relative to <paramref name="path"/> with their values; keys without value do not count.</param>
    /// <param name="path">The section; texts of faults begin with it.</param>
    /// <param name="quantityNames">What the sensor measures.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed. Any fault makes the result unusable.</param>
    public static SensorFilterSettings Read(
        IEnumerable<KeyValuePair<string, string?>> keys, string path, IReadOnlyList<string> quantityNames, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(quantityNames);
        ArgumentNullException.ThrowIfNull(faults);
        return Read(SettingNode.From(keys, path), quantityNames, faults);
    }

    private static SensorFilterSettings Read(SettingNode root, IReadOnlyList<string> quantityNames, ICollection<string> faults)
    {
        if (root.Text is not null)
        {
            faults.Add($"{root.Path}: '{root.Text}' is not allowed; allowed is a map of {string.Join(", ", quantityNames)} to filters");
            return None;
        }

        Dictionary<string, FilterChainSettings> chains = new(StringComparer.Ordinal);
        foreach ((string name, SettingNode chain) in root.Children)
        {
            if (quantityNames.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } quantity)
            {
                chains[quantity] = FilterChainReader.Read(chain, faults);
            }
            else
            {
                faults.Add($"{chain.Path}: the sensor has no quantity '{name}'; allowed is {string.Join(" or ", quantityNames)}");
            }
        }

        return new SensorFilterSettings(chains);
    }
}
