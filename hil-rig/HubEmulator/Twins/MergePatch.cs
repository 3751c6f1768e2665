using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>JSON merge patch (RFC 7396) on objects: objects merge, null deletes, everything else replaces. An object that loses its last member stays.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = (JsonObject)target.DeepClone();
        Merge(merged, patch);
        return merged;
    }

    /// <summary>The merge patch that makes one value of another: what is not wanted any more becomes null.</summary>
    public static JsonNode? Difference(JsonNode? from, JsonNode? wanted)
    {
        if (from is not JsonObject old || wanted is not JsonObject next)
        {
            return wanted?.DeepClone();
        }

        var patch = new JsonObject();
        foreach ((string name, _) in old)
        {
            if (!next.ContainsKey(name) || next[name] is null)
            {
                patch[name] = null;
            }
        }

        foreach ((string name, JsonNode? value) in next)
        {
            if (value is not null && !JsonNode.DeepEquals(old[name], value))
            {
                patch[name] = Difference(old[name], value);
            }
        }

        return patch;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string key, JsonNode? value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(key);
                    break;
                case JsonObject inner:
                    if (target[key] is not JsonObject existing)
                    {
                        existing = [];
                        target[key] = existing;
                    }

                    Merge(existing, inner);
                    break;
                default:
                    target[key] = value.DeepClone();
                    break;
            }
        }
    }
}
