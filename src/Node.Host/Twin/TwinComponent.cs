using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>
/// The writable properties that change together: a sensor's, or the root's. A patch is applied whole or not at all: one bad key
/// refuses its siblings too, whose acknowledgements say what they waited on; they come in force with the next patch that is good.
/// </summary>
/// <param name="name">Component name; empty for the root.</param>
/// <param name="properties">What the cloud may change here.</param>
internal sealed class TwinComponent(string name, IReadOnlyList<WritableProperty> properties)
{
    private readonly Dictionary<string, JsonNode?> _waiting = [];
    private readonly Dictionary<string, JsonObject> _maps = [];

    public string Name => name;

    public bool IsRoot => name.Length == 0;

    public IReadOnlyList<WritableProperty> Properties => properties;

    /// <summary>
    /// Applies <paramref name="desired"/>, whose unknown keys are in <paramref name="unknown"/>. Where <paramref name="complete"/>, an
    /// absent property goes back to its configured value, as a deleted one does; else an absent property stays as it is.
    /// </summary>
    /// <returns>What to answer, and the values that were asked for and are in force.</returns>
    public ComponentOutcome Apply(JsonObject desired, IReadOnlyList<string> unknown, long version, bool complete)
    {
        List<(WritableProperty Property, JsonNode? Desired, Proposal Proposal)> parts =
        [
            .. Asked(desired, complete).Select(asked => (asked.Property, asked.Desired, asked.Property.Propose(asked.Desired))),
        ];
        List<string> bad = [.. parts.Where(part => part.Proposal.Refusal is not null).Select(part => part.Property.Name), .. unknown];
        _waiting.Clear();
        if (bad.Count == 0)
        {
            parts.ForEach(part => part.Proposal.Apply!());
        }

        var outcome = new ComponentOutcome(bad.Count == 0);
        foreach ((WritableProperty property, JsonNode? value, Proposal proposal) in parts)
        {
            outcome.Acks[property.Name] = Answer(property, value, proposal, bad, version);
            outcome.InForce[property.Name] = value is null ? null : property.InForce();
            if (bad.Count > 0 && proposal.Refusal is null)
            {
                _waiting[property.Name] = value?.DeepClone();
            }
        }

        return outcome;
    }

    /// <summary>What the patch asks, what an earlier one asked in vain, and with a whole twin everything else too.</summary>
    private IEnumerable<(WritableProperty Property, JsonNode? Desired)> Asked(JsonObject desired, bool complete)
    {
        foreach (WritableProperty property in properties)
        {
            if (complete || desired.ContainsKey(property.Name))
            {
                yield return (property, property.IsMap ? WholeMap(property.Name, desired[property.Name], complete) : desired[property.Name]);
            }
            else if (_waiting.TryGetValue(property.Name, out JsonNode? waiting))
            {
                yield return (property, waiting);
            }
        }
    }

    /// <summary>The map as the hub holds it by now: a patch names only the members that change, also on top of members that were refused.</summary>
    private JsonNode? WholeMap(string property, JsonNode? change, bool complete)
    {
        if (change is not JsonObject changes)
        {
            _maps.Remove(property);
            return change;
        }

        JsonObject whole = complete || !_maps.TryGetValue(property, out JsonObject? before) ? [] : before;
        MergePatch.Apply(whole, changes);
        _maps[property] = whole;
        return whole.DeepClone();
    }

    private static PropertyAck Answer(WritableProperty property, JsonNode? desired, Proposal proposal, List<string> bad, long version)
    {
        JsonNode inForce = property.InForce();
        return proposal.Refusal is not null ? PropertyAck.Refused(inForce, version, proposal.Refusal)
            : !JsonNode.DeepEquals(inForce, proposal.Canonical) ? PropertyAck.Refused(inForce, version, $"not applied: waits on {string.Join(", ", bad)}")
            : desired is null ? PropertyAck.Default(inForce)
            : PropertyAck.Accepted(inForce, version);
    }
}

/// <summary>What applying a patch to a component came to.</summary>
/// <param name="Applied">Whether the component's part was put in force.</param>
internal sealed record ComponentOutcome(bool Applied)
{
    public Dictionary<string, PropertyAck> Acks { get; } = [];

    /// <summary>Value in force of each property that was answered; null for one that went back to its configured value.</summary>
    public Dictionary<string, JsonNode?> InForce { get; } = [];
}
