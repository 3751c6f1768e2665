using System.Text.Json.Nodes;

namespace HubEmulator.DigitalTwins;

/// <summary>
/// A change through the digital twin interface, a JSON patch (RFC 6902) of the operations <c>add</c>, <c>replace</c> and <c>remove</c> on
/// <c>/{property}</c>, <c>/{component}/{property}</c> or <c>/{component}</c>, made into a merge patch of the desired properties.
/// </summary>
internal static class DigitalTwinPatch
{
    private const int DeepestPath = 2;

    /// <returns>Null and the merge patch, or what is wrong with the operations.</returns>
    public static string? TryRead(JsonArray operations, out JsonObject desired)
    {
        desired = [];
        foreach (JsonNode? operation in operations)
        {
            if (operation is not JsonObject members || !TryApply(members, desired))
            {
                return "Each operation must be {\"op\":\"add\"|\"replace\"|\"remove\",\"path\":\"/{property}\" or \"/{component}/{property}\",\"value\":…}; remove has no value.";
            }
        }

        return null;
    }

    private static bool TryApply(JsonObject operation, JsonObject desired)
    {
        string[] steps = Steps(operation["path"]?.ToString() ?? "");
        string name = operation["op"]?.ToString() ?? "";
        bool isSound = steps.Length is > 0 and <= DeepestPath && !steps.Contains("") && name is ("add" or "replace" or "remove") && (name == "remove" || operation.ContainsKey("value"));
        if (!isSound)
        {
            return false;
        }

        JsonNode? value = name == "remove" ? null : Unmarked(operation["value"]?.DeepClone(), steps.Length);
        if (steps.Length == 1)
        {
            desired[steps[0]] = value;
            return true;
        }

        JsonObject component = desired[steps[0]] as JsonObject ?? new JsonObject { [DigitalTwinDocument.ComponentMark] = "c" };
        desired[steps[0]] = component;
        component[steps[1]] = value;
        return true;
    }

    /// <summary>A whole component comes with <c>$metadata</c>, which tells it from a property; a twin has a mark instead.</summary>
    private static JsonNode? Unmarked(JsonNode? value, int depth)
    {
        if (depth == 1 && value is JsonObject component && component.Remove("$metadata"))
        {
            component[DigitalTwinDocument.ComponentMark] = "c";
        }

        return value;
    }

    private static string[] Steps(string path) => path.StartsWith('/') ? [.. path[1..].Split('/').Select(step => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))] : [];
}
