using System.Text.Json.Nodes;

namespace HubEmulator.Queries;

/// <summary>Turns documents into results: whole, in part, or summed up in groups.</summary>
internal static class QueryRun
{
    /// <summary>Whole documents, or the selected members that are there.</summary>
    public static JsonObject Project(HubQuery query, JsonObject document)
    {
        if (query.Items is null)
        {
            return document;
        }

        var result = new JsonObject();
        foreach (QueryItem item in query.Items)
        {
            if (item.Path!.TryFind(document, out JsonNode? value))
            {
                result[item.Name] = value?.DeepClone();
            }
        }

        return result;
    }

    /// <summary>One result for each group, in the order in which groups first appear; without GROUP BY one for all.</summary>
    public static IReadOnlyList<JsonObject> Aggregate(HubQuery query, IEnumerable<JsonObject> documents)
    {
        var groups = new Dictionary<string, List<JsonObject>>(StringComparer.Ordinal);
        if (query.Groups.Count == 0)
        {
            groups[""] = [];
        }

        foreach (JsonObject document in documents)
        {
            string key = string.Join('\n', query.Groups.Select(group => group.TryFind(document, out JsonNode? value) ? value?.ToJsonString() ?? "null" : ""));
            if (!groups.TryGetValue(key, out List<JsonObject>? members))
            {
                groups[key] = members = [];
            }

            members.Add(document);
        }

        return [.. groups.Values.Select(members => Summarize(query, members))];
    }

    private static JsonObject Summarize(HubQuery query, List<JsonObject> documents)
    {
        var result = new JsonObject();
        foreach (QueryItem item in query.Items!)
        {
            if (item.Aggregate == QueryAggregate.Count)
            {
                result[item.Name] = documents.Count;
            }
            else if (item.Aggregate != QueryAggregate.None)
            {
                result[item.Name] = Compute(item.Aggregate, [.. documents.Select(document => item.Path!.TryFind(document, out JsonNode? value) ? value : null).OfType<JsonNode>()]);
            }
            else if (documents.Count > 0 && item.Path!.TryFind(documents[0], out JsonNode? value))
            {
                result[item.Name] = value?.DeepClone();
            }
        }

        return result;
    }

    /// <summary>Values that are no numbers do not count; for the smallest and the largest, texts count where there is no number.</summary>
    private static JsonValue? Compute(QueryAggregate aggregate, List<JsonNode> values)
    {
        List<double> numbers = [.. values.Where(value => value.GetValueKind() == System.Text.Json.JsonValueKind.Number).Select(QueryComparison.NumberOf)];
        if (numbers.Count == 0)
        {
            List<string> texts = [.. values.Where(value => value.GetValueKind() == System.Text.Json.JsonValueKind.String).Select(value => value.GetValue<string>()).Order(StringComparer.Ordinal)];
            return texts.Count == 0 ? null : aggregate switch
            {
                QueryAggregate.Min => JsonValue.Create(texts[0]),
                QueryAggregate.Max => JsonValue.Create(texts[^1]),
                _ => null,
            };
        }

        return JsonValue.Create(aggregate switch
        {
            QueryAggregate.Avg => numbers.Average(),
            QueryAggregate.Sum => numbers.Sum(),
            QueryAggregate.Min => numbers.Min(),
            _ => numbers.Max(),
        });
    }
}
