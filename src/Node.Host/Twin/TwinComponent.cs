using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Those whose value something else than the twin changes too.</summary>
    public IReadOnlyList<WritableProperty> ChangingByThemselves { get; } = [.. properties.Where(property => property.ChangesByItself)];

    /// <summary>
    /// Applies <paramref name="desired"/>, whose unknown keys are in <paramref name="unknown"/>. Where <paramref name="complete"/>, an
    /// absent property goes back to its configured value, as a deleted one does; else an absent property stays as it is.
    /// </summary>
    /// <returns>What to answer, and the values that were asked for and are in force.</returns>
    public ComponentOutcome Apply(JsonObject desired, IReadOnlyList<string> unknown, long version, bool complete)
    {
        List<Part> parts = [.. Asked(desired, complete).Select(asked => new Part(asked.Property, asked.Desired, asked.Property.Propose(asked.Desired)))];
        List<string> bad = [.. parts.Where(part => part.Proposal.Refusal is not null).Select(part => part.Property.Name), .. unknown];
        _waiting.Clear();
        (WritableProperty? failed, string why) = bad.Count == 0 ? PutInForce(parts) : (null, "");
        if (failed is not null)
        {
            bad.Add(failed.Name);
        }

        var outcome = new ComponentOutcome(bad.Count == 0);
        foreach (Part part in parts)
        {
            outcome.Acks[part.Property.Name] = part.Property == failed
                ? PropertyAck.Failed(failed.InForce(), version, why)
                : Answer(part, bad, version);
            outcome.InForce[part.Property.Name] = part.Desired is null ? null : part.Property.InForce();
            if (bad.Count > 0 && part.Proposal.Refusal is null && part.Property != failed)
            {
                _waiting[part.Property.Name] = part.Desired?.DeepClone();
            }
        }

        return outcome;
    }

    /// <summary>Puts all parts in force, or none: what was already changed when one throws goes back to what it was.</summary>
    /// <returns>The property that threw and what it said; null when none did.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a property throws, the cloud gets an answer and the node goes on.")]
    private static (WritableProperty? Failed, string Why) PutInForce(List<Part> parts)
    {
        var before = new List<(WritableProperty Property, JsonNode Value)>();
        foreach (Part part in parts)
        {
            before.Add((part.Property, part.Property.InForce()));
            try
            {
                part.Proposal.Apply!();
            }
            catch (Exception failure)
            {
                string undone = TakeBack(before);
                return (part.Property, $"{part.Property.Name} could not be put in force: {failure.Message}{undone}");
            }
        }

        return (null, "");
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The one that failed may fail again; the others still go back.")]
    private static string TakeBack(List<(WritableProperty Property, JsonNode Value)> before)
    {
        string stuck = "";
        foreach ((WritableProperty property, JsonNode value) in Enumerable.Reverse(before))
        {
            try
            {
                if (!JsonNode.DeepEquals(property.InForce(), value))
                {
                    property.Propose(JsonNode.Parse(value.ToJsonString())).Apply?.Invoke(); // As it would come from the hub.
                }
            }
            catch (Exception failure)
            {
                stuck += $"; {property.Name} could not be taken back: {failure.Message}";
            }
        }

        return stuck;
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

    private static PropertyAck Answer(Part part, List<string> bad, long version)
    {
        JsonNode inForce = part.Property.InForce();
        return part.Proposal.Refusal is not null ? PropertyAck.Refused(inForce, version, part.Proposal.Refusal)
            : !JsonNode.DeepEquals(inForce, part.Proposal.Canonical) ? PropertyAck.Refused(inForce, version, $"not applied: waits on {string.Join(", ", bad)}")
            : part.Desired is null ? PropertyAck.Default(inForce)
            : part.Property.IsReached() ? PropertyAck.Accepted(inForce, version)
            : PropertyAck.InProgress(inForce, version);
    }

    private sealed record Part(WritableProperty Property, JsonNode? Desired, Proposal Proposal);
}

/// <summary>What applying a patch to a component came to.</summary>
/// <param name="Applied">Whether the component's part was put in force.</param>
internal sealed record ComponentOutcome(bool Applied)
{
    public Dictionary<string, PropertyAck> Acks { get; } = [];

    /// <summary>Value in force of each property that was answered; null for one that went back to its configured value.</summary>
    public Dictionary<string, JsonNode?> InForce { get; } = [];
}
