using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace HubEmulator.Telemetry;

/// <summary>
/// The properties of one message, as an array: a hub keeps a hundred thousand of them, and most have two or three pairs. Looks through all, so it is for
/// few; <see cref="Of"/> makes a dictionary of many.
/// </summary>
internal sealed class TelemetryProperties : IReadOnlyDictionary<string, string?>
{
    private const int Few = 16;
    private static readonly TelemetryProperties Empty = new([]);

    private readonly KeyValuePair<string, string?>[] _pairs;

    private TelemetryProperties(KeyValuePair<string, string?>[] pairs) => _pairs = pairs;

    public int Count => _pairs.Length;

    public IEnumerable<string> Keys => _pairs.Select(pair => pair.Key);

    public IEnumerable<string?> Values => _pairs.Select(pair => pair.Value);

    public string? this[string key] => TryGetValue(key, out string? value) ? value : throw new KeyNotFoundException($"There is no property '{key}'.");

    /// <summary>Takes the pairs with distinct keys; of two equal keys the later pair counts.</summary>
    public static IReadOnlyDictionary<string, string?> Of(List<KeyValuePair<string, string?>> pairs)
    {
        if (pairs.Count == 0)
        {
            return Empty;
        }

        if (pairs.Count > Few)
        {
            var many = new Dictionary<string, string?>(StringComparer.Ordinal);
            pairs.ForEach(pair => many[pair.Key] = pair.Value);
            return many;
        }

        var distinct = new List<KeyValuePair<string, string?>>(pairs.Count);
        foreach (KeyValuePair<string, string?> pair in pairs)
        {
            int earlier = distinct.FindIndex(other => other.Key == pair.Key);
            if (earlier < 0)
            {
                distinct.Add(pair);
            }
            else
            {
                distinct[earlier] = pair;
            }
        }

        return new TelemetryProperties([.. distinct]);
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string? value)
    {
        int index = Array.FindIndex(_pairs, pair => pair.Key == key);
        value = index < 0 ? null : _pairs[index].Value;
        return index >= 0;
    }

    public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string?>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _pairs.GetEnumerator();
}
