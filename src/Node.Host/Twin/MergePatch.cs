using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>JSON merge patches (RFC 7396): objects merge, a null deletes, anything else replaces.</summary>
internal static class MergePatch
{
    /// <summary>The patch that turns <paramref name="from"/> into <paramref name="to"/>; empty when they are equal.</summary>
    public static JsonObject Between(JsonObject from, JsonObject to)
    {
        var patch = new JsonObject();
        foreach ((string key, JsonNode? wanted) in to)
        {
            JsonNode? present = from[key];
            if (wanted is JsonObject wantedObject && present is JsonObject presentObject)
            {
                JsonObject inner = Between(presentObject, wantedObject);
                if (inner.Count > 0)
                {
                    patch[key] = inner;
                }
            }
            else if (!JsonNode.DeepEquals(wanted, present))
            {
                patch[key] = wanted?.DeepClone();
            }
        }

        foreach ((string key, JsonNode? _) in from)
        {
            if (!to.ContainsKey(key))
            {
                patch[key] = null;
            }
        }

        return patch;
    }

    /// <summary>Changes <paramref name="target"/> as the patch says.</summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach ((string key, JsonNode? change) in patch)
        {
            if (change is null)
            {
                target.Remove(key);
            }
            else if (change is JsonObject changes)
            {
                if (target[key] is not JsonObject inner)
                {
                    inner = [];
                    target[key] = inner;
                }

                Apply(inner, changes);
            }
            else
            {
                target[key] = change.DeepClone();
            }
        }
    }
}
