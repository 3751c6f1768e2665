using System.Text.Json.Nodes;
using HubEmulator.Queries;
using HubEmulator.Twins;

namespace HubEmulator.Configurations;

/// <summary>Reads what a service asks a configuration to be: <c>{"schemaVersion","labels","content","targetCondition","priority","metrics":{"queries"}}</c>.</summary>
internal static class ConfigurationForm
{
    private const int MostMetrics = 5;
    private const int MostLabels = 20;
    private const int LongestCondition = 16 * 1024;
    private static readonly string[] Contents = ["deviceContent", "moduleContent", "modulesContent"];

    private static string NoContent => $"content must be an object with one of {string.Join(", ", Contents)}, each an object.";

    /// <returns>Null and the configuration, or what is wrong with it.</returns>
    public static string? TryRead(string id, JsonObject body, out Configuration configuration)
    {
        configuration = new Configuration
        {
            Id = id,
            SchemaVersion = TextOf(body["schemaVersion"]) ?? "1.0",
            Labels = Copy(body["labels"]),
            Content = Copy(body["content"]),
            TargetCondition = TextOf(body["targetCondition"]) ?? "",
            Priority = body["priority"] is JsonValue number && number.TryGetValue(out int priority) ? priority : 0,
            MetricQueries = Copy((body["metrics"] as JsonObject)?["queries"]),
        };
        return FindMisread(body) ?? (body["content"] is JsonObject ? FindBrokenContent(configuration.Content) : NoContent) ?? FindBrokenQuery(configuration);
    }

    private static string? FindMisread(JsonObject body)
    {
        bool areLabels = body["labels"] is null || (body["labels"] is JsonObject { Count: <= MostLabels } labels && labels.All(label => TextOf(label.Value) is not null));
        bool isPriority = body["priority"] is null || (body["priority"] is JsonValue number && number.TryGetValue(out int priority) && priority >= 0);
        bool isCondition = body["targetCondition"] is null || TextOf(body["targetCondition"]) is { Length: <= LongestCondition };
        JsonNode? queries = (body["metrics"] as JsonObject)?["queries"];
        bool areMetrics = body["metrics"] is null or JsonObject && (queries is null || (queries is JsonObject { Count: <= MostMetrics } named && named.All(query => TextOf(query.Value) is not null)));
        return !areLabels ? $"labels must be an object of at most {MostLabels} texts."
            : !isPriority ? "priority must be a whole number from 0 on."
            : !isCondition ? $"targetCondition must be a text of at most {LongestCondition} characters."
            : areMetrics ? null : $"metrics.queries must be an object of at most {MostMetrics} texts.";
    }

    /// <returns>Null, or what is wrong with a content.</returns>
    internal static string? FindBrokenContent(JsonObject content)
    {
        if (content.Any(part => !Contents.Contains(part.Key) || part.Value is not (null or JsonObject)))
        {
            return NoContent;
        }

        foreach (string part in Contents.Take(2))
        {
            if (FindOverlap(content[part] as JsonObject ?? []) is { } twice)
            {
                return $"content.{part}: '{twice}' is set twice.";
            }

            foreach ((string path, JsonNode? value) in content[part] as JsonObject ?? [])
            {
                string? broken = ContentPath.TryRead(path, out string[] steps) ? TwinRules.FindBrokenRule(ContentPath.Wrap(steps, value)) : $"'{path}' must be properties.desired or a path below it.";
                if (broken is not null)
                {
                    return $"content.{part}: {broken}";
                }
            }
        }

        return null;
    }

    /// <returns>A path that another one leads through, or is.</returns>
    private static string? FindOverlap(JsonObject content)
    {
        if (content.Any(one => !ContentPath.TryRead(one.Key, out _)))
        {
            return null; // which is said elsewhere
        }

        string[][] all = [.. ContentPath.Settings(content).Select(one => one.Steps)];
        string[]? twice = Array.Find(all, steps => all.Count(other => ContentPath.Overlap(steps, other)) > 1);
        return twice is null ? null : string.Join('.', twice);
    }

    private static string? FindBrokenQuery(Configuration configuration)
    {
        if (TargetQuery.TryRead(configuration.TargetCondition, out _) is { } broken)
        {
            return $"targetCondition cannot be used. {broken}";
        }

        foreach ((string name, JsonNode? query) in configuration.MetricQueries)
        {
            if (HubQuery.TryParse(TextOf(query)!, out _) is { } misfit)
            {
                return $"metrics.queries.{name} cannot be run. {misfit}";
            }
        }

        return null;
    }

    private static JsonObject Copy(JsonNode? node) => (JsonObject?)(node as JsonObject)?.DeepClone() ?? [];

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
