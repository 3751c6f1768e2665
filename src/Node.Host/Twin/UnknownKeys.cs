using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>Answers desired keys that the node does not have, by name and up to a bound, and takes an answer back when its key is gone.</summary>
internal sealed class UnknownKeys(IReadOnlyList<TwinComponent> components, ReportedDocument reported)
{
    private const int MostAnswered = 16; // The reported section has 32 KB; a stranger's keys must not fill it.

    private const int LongestAnswered = 64; // No property of a model has a longer name; its text is in lastDesiredStatus, cut.

    private readonly HashSet<(string Component, string Key)> _answered = [];

    /// <summary>Keys of a component's part (or of the root's) that are neither its properties nor, at the root, a component.</summary>
    public List<string> In(TwinComponent component, JsonNode? part) =>
    [
        .. (part as JsonObject ?? [])
            .Where(pair => pair.Value is not null && pair.Key is not ("$version" or "$metadata" or "__t"))
            .Select(pair => pair.Key)
            .Where(key => component.Properties.All(property => property.Name != key))
            .Where(key => !component.IsRoot || components.All(other => other.Name != key)),
    ];

    /// <summary>Reports a refusal for each key and adds it to <paramref name="faults"/>; a key that names a read-only property keeps its value.</summary>
    public void Answer(TwinComponent component, List<string> keys, long version, List<string> faults)
    {
        foreach (string key in keys)
        {
            string reason = $"'{key}' {(IsReadOnly(component, key) ? "is read-only" : "is unknown")}; {Known(component)}";
            faults.Add(component.IsRoot ? reason : $"{component.Name}: {reason}");
            bool answered = _answered.Contains((component.Name, key));
            if (!IsReadOnly(component, key) && key.Length <= LongestAnswered && (answered || _answered.Count < MostAnswered))
            {
                _answered.Add((component.Name, key));
                reported.Set(component.Name, key, PropertyAck.Refused(null, version, reason).ToJson());
            }
        }
    }

    /// <summary>Takes back the answers to keys that are no longer desired.</summary>
    public void Forget(JsonObject desired, bool complete)
    {
        foreach ((string component, string key) in _answered.ToArray())
        {
            JsonObject? part = component.Length == 0 ? desired : desired[component] as JsonObject;
            bool deleted = complete ? part?[key] is null : part is not null && part.ContainsKey(key) && part[key] is null;
            if (deleted)
            {
                reported.Set(component, key, null);
                _answered.Remove((component, key));
            }
        }
    }

    private bool IsReadOnly(TwinComponent component, string key) =>
        reported.Has(component.Name, key) && !_answered.Contains((component.Name, key));

    private string Known(TwinComponent component)
    {
        List<string> known = [.. component.Properties.Select(property => property.Name)];
        if (component.IsRoot)
        {
            known.AddRange(components.Where(other => !other.IsRoot && other.Properties.Count > 0).Select(other => other.Name));
        }

        return known.Count == 0 ? "nothing here can be written" : $"known are {string.Join(", ", known)}";
    }
}
