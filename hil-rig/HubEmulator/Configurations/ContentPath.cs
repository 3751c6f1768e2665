using System.Text.Json.Nodes;
using HubEmulator.Twins;

namespace HubEmulator.Configurations;

/// <summary>A path of a configuration's content: <c>properties.desired[.name…]</c>, and what stands there in the desired properties.</summary>
internal static class ContentPath
{
    private const string Root = "properties.desired";

    /// <returns>False when it is no such path; otherwise the names below <c>properties.desired</c>.</returns>
    public static bool TryRead(string path, out string[] steps)
    {
        steps = path == Root ? [] : path.StartsWith(Root + ".", StringComparison.Ordinal) ? path[(Root.Length + 1)..].Split('.') : [];
        return path == Root || (path.StartsWith(Root + ".", StringComparison.Ordinal) && !steps.Contains(""));
    }

    /// <summary>What a content sets, without the nulls in it: a deletion leaves nothing. <c>properties.desired</c> itself stands for each of its members.</summary>
    public static IEnumerable<(string[] Steps, JsonNode? Value)> Settings(JsonObject content)
    {
        foreach ((string path, JsonNode? value) in content)
        {
            TryRead(path, out string[] steps);
            JsonNode? sound = value is JsonObject members ? MergePatch.Apply([], members) : value;
            if (steps.Length > 0)
            {
                yield return (steps, sound);
                continue;
            }

            foreach ((string name, JsonNode? member) in sound as JsonObject ?? [])
            {
                yield return ([name], member);
            }
        }
    }

    /// <summary>The value as part of a section.</summary>
    public static JsonObject Wrap(IReadOnlyList<string> steps, JsonNode? value)
    {
        JsonNode? node = value?.DeepClone();
        for (int index = steps.Count - 1; index >= 0; index--)
        {
            node = new JsonObject { [steps[index]] = node };
        }

        return node as JsonObject ?? [];
    }

    /// <summary>What stands at the path; null when nothing does.</summary>
    public static JsonNode? Find(JsonObject section, IEnumerable<string> steps)
    {
        JsonNode? node = section;
        foreach (string step in steps)
        {
            node = (node as JsonObject)?[step];
        }

        return node;
    }

    /// <summary>True when one of two paths leads through the other, or is the other.</summary>
    public static bool Overlap(IReadOnlyList<string> left, IReadOnlyList<string> right) =>
        left.Take(right.Count).SequenceEqual(right.Take(left.Count), StringComparer.Ordinal);
}
