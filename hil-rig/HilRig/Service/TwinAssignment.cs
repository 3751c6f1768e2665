using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Service;

/// <summary>One <c>PATH=VALUE</c> of the command line, for example <c>climate.interval=1s</c>.</summary>
internal sealed record TwinAssignment(IReadOnlyList<string> Path, JsonNode? Value)
{
    private const int DeepestPath = 10; // the hub takes no deeper document

    public string DottedPath => string.Join('.', Path);

    /// <summary>A value that is JSON is taken as JSON; any other is taken as text. <c>null</c> deletes the property.</summary>
    /// <exception cref="RigException">No equals sign, an empty path segment, or one the hub would refuse.</exception>
    public static TwinAssignment Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new TwinAssignment(ParsePath(text[..equals]), ParseValue(text[(equals + 1)..]))
            : throw new RigException(RigFault.UnusableInput, $"'{text}': write PATH=VALUE, for example climate.interval=1s");
    }

    /// <exception cref="RigException">An empty segment, or one the hub would refuse.</exception>
    public static IReadOnlyList<string> ParsePath(string dotted)
    {
        string[] segments = dotted.Split('.');
        return segments.Length <= DeepestPath && Array.TrueForAll(segments, IsKey)
            ? segments
            : throw new RigException(
                RigFault.UnusableInput,
                $"'{dotted}': a path is one to {DeepestPath} names joined by dots, without blanks and '$', for example climate.interval");
    }

    /// <summary>The desired patch of all assignments: the first name of a longer path is a component and is marked as one.</summary>
    public static JsonObject ToDesired(IEnumerable<TwinAssignment> assignments)
    {
        var desired = new JsonObject();
        foreach (TwinAssignment assignment in assignments)
        {
            JsonObject parent = desired;
            foreach (string name in assignment.Path.SkipLast(1))
            {
                parent = Descend(parent, name, isComponent: ReferenceEquals(parent, desired));
            }
            parent[assignment.Path[^1]] = assignment.Value?.DeepClone();
        }
        return desired;
    }

    private static JsonObject Descend(JsonObject parent, string name, bool isComponent)
    {
        if (parent[name] is JsonObject existing)
        {
            return existing;
        }
        var made = new JsonObject();
        if (isComponent)
        {
            made["__t"] = "c";
        }
        parent[name] = made;
        return made;
    }

    private static bool IsKey(string segment) =>
        segment.Length > 0 && !segment.Contains('$', StringComparison.Ordinal) && !segment.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));

    internal static JsonNode? ParseValue(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text); // 1s, on, Monday
        }
    }
}
