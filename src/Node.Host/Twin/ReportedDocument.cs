using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>
/// What the node wants the hub to show as its reported properties, and what the hub is known to hold. The difference is what remains
/// to be sent, so that nothing is lost by a failed or forgotten patch and nothing is sent twice. One thread at a time, but for
/// <see cref="Post"/>.
/// </summary>
internal sealed class ReportedDocument
{
    private const string ComponentMark = "__t";

    private readonly JsonObject _wanted = [];
    private readonly ConcurrentQueue<(string Component, string Property, JsonNode? Value)> _posted = [];
    private JsonObject? _held;
    private JsonObject? _underWay;
    private bool _mayDiffer; // Since the last comparison one of the two has changed; a turn in which nothing happens compares nothing.

    /// <summary>Whether a patch was taken and neither stored nor failed yet.</summary>
    public bool IsUnderWay => _underWay is not null;

    /// <summary>Sets a property of the root (<paramref name="component"/> empty) or of a component; null removes it.</summary>
    public void Set(string component, string property, JsonNode? value)
    {
        JsonObject place = Place(component);
        if (value is null)
        {
            _mayDiffer |= place.Remove(property);
        }
        else if (!JsonNode.DeepEquals(place[property], value))
        {
            place[property] = value;
            _mayDiffer = true;
        }
    }

    /// <summary>A copy of what the node wants the hub to show.</summary>
    public JsonObject Wanted() => _wanted.DeepClone().AsObject();

    /// <summary>A copy of what the hub is known to hold; null before that is known.</summary>
    public JsonObject? Held() => _held?.DeepClone().AsObject();

    /// <summary>As <see cref="Set"/>, from any thread: it takes effect with the next patch.</summary>
    public void Post(string component, string property, JsonNode? value) => _posted.Enqueue((component, property, value));

    /// <summary>Whether the node reports this property, of the root when <paramref name="component"/> is empty.</summary>
    public bool Has(string component, string property) =>
        (component.Length == 0 ? _wanted : _wanted[component] as JsonObject)?.ContainsKey(property) ?? false;

    /// <summary>What the node reports of a property; null when it does not. Not to be changed.</summary>
    public JsonNode? Find(string component, string property) => (component.Length == 0 ? _wanted : _wanted[component] as JsonObject)?[property];

    /// <summary>Starts over from what the hub says that it holds; a patch under way belongs to a connection that is gone.</summary>
    public void HubHolds(JsonObject reported)
    {
        _held = reported.DeepClone().AsObject();
        foreach (string key in (string[])["$version", "$metadata"])
        {
            _held.Remove(key);
        }

        _underWay = null;
        _mayDiffer = true;
    }

    /// <summary>The patch that the hub still lacks; null when there is none, while one is under way, or before the hub's own state is known.</summary>
    public JsonObject? TakePatch()
    {
        if (_held is null || _underWay is not null)
        {
            return null;
        }

        while (_posted.TryDequeue(out (string Component, string Property, JsonNode? Value) posted))
        {
            Set(posted.Component, posted.Property, posted.Value);
        }

        if (!_mayDiffer)
        {
            return null;
        }

        JsonObject patch = MergePatch.Between(_held, _wanted);
        _underWay = patch.Count > 0 ? patch : null;
        _mayDiffer = false;
        return _underWay;
    }

    /// <summary>Ends <paramref name="patch"/>: the hub holds it now, or else it will be taken again. An outdated patch changes nothing.</summary>
    public void End(JsonObject patch, bool held)
    {
        if (!ReferenceEquals(patch, _underWay))
        {
            return;
        }

        _underWay = null;
        _mayDiffer = true; // What was set while it was under way, or all of it again.
        if (held)
        {
            MergePatch.Apply(_held!, patch);
        }
    }

    /// <summary>A root property as the hub is known to hold it.</summary>
    public JsonNode? Held(string property) => _held?[property];

    private JsonObject Place(string component)
    {
        if (component.Length == 0)
        {
            return _wanted;
        }

        if (_wanted[component] is not JsonObject place)
        {
            place = new JsonObject { [ComponentMark] = "c" };
            _wanted[component] = place;
            _mayDiffer = true;
        }

        return place;
    }
}
