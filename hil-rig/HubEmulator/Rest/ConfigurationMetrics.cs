using System.Text.Json.Nodes;
using HubEmulator.Configurations;
using HubEmulator.Identity;
using HubEmulator.Queries;

namespace HubEmulator.Rest;

/// <summary>Configurations as services read them, with what their queries find now. The twins are described once for all of them.</summary>
internal sealed class ConfigurationMetrics(DeviceRegistry registry)
{
    private readonly Dictionary<QuerySource, List<JsonObject>> _twins = [];

    public JsonObject Describe(Configuration configuration)
    {
        bool isOfModules = configuration.TargetCondition.TrimStart().StartsWith("FROM ", StringComparison.OrdinalIgnoreCase);
        string applied = $"SELECT deviceId FROM {(isOfModules ? "devices.modules" : "devices")} WHERE configurations.[[{configuration.Id}]].status = '{ConfigurationPlan.Applied}'";
        var system = new JsonObject { ["targetedCount"] = TargetQuery.Of(configuration.TargetCondition), ["appliedCount"] = applied };
        return new JsonObject
        {
            ["id"] = configuration.Id,
            ["schemaVersion"] = configuration.SchemaVersion,
            ["labels"] = configuration.Labels.DeepClone(),
            ["content"] = configuration.Content.DeepClone(),
            ["targetCondition"] = configuration.TargetCondition,
            ["createdTimeUtc"] = Times.Stamp(configuration.Created),
            ["lastUpdatedTimeUtc"] = Times.Stamp(configuration.Updated),
            ["priority"] = configuration.Priority,
            ["systemMetrics"] = new JsonObject { ["results"] = Results(system), ["queries"] = system },
            ["metrics"] = new JsonObject { ["results"] = Results(configuration.MetricQueries), ["queries"] = configuration.MetricQueries.DeepClone() },
            ["etag"] = configuration.ETag,
        };
    }

    private JsonObject Results(JsonObject queries)
    {
        var results = new JsonObject();
        foreach ((string name, JsonNode? text) in queries)
        {
            results[name] = text is null ? 0 : Count(text.GetValue<string>());
        }

        return results;
    }

    private int Count(string text)
    {
        if (HubQuery.TryParse(text, out HubQuery query) is not null || query.Source == QuerySource.Jobs)
        {
            return 0; // it was read when the configuration was made; jobs are no twins
        }

        int found = Twins(query.Source).Count(twin => query.Condition(twin));
        return query.IsAggregate ? QueryRun.Aggregate(query, Twins(query.Source).Where(twin => query.Condition(twin))).Count : Math.Min(found, query.Top);
    }

    private List<JsonObject> Twins(QuerySource source)
    {
        if (!_twins.TryGetValue(source, out List<JsonObject>? twins))
        {
            twins = [.. TwinSearch.Find(registry, new HubQuery { Source = source }).Select(found => found.Document)];
            _twins[source] = twins;
        }

        return twins;
    }
}
