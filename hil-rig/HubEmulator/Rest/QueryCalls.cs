using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Queries;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Queries over twins, page by page: <c>POST /devices/query {"query":"SELECT * FROM devices WHERE …"}</c> with <c>x-ms-max-item-count</c> and
/// <c>x-ms-continuation</c>. A page begins behind the last identity of the one before, so identities that come or go meanwhile shift nothing.
/// </summary>
internal sealed class QueryCalls(DeviceRegistry registry)
{
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;
    private const int LongestQuery = 16 * 1024;
    private const string Continuation = "x-ms-continuation";
    private const string ItemType = "x-ms-item-type";

    public IEnumerable<ServiceRoute> Routes => [new("POST", "/devices/query", AccessRights.ServiceConnect, ServiceErrorShape.Nested, QueryAsync)];

    private async Task<ServiceAnswer> QueryAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!(body["query"] is JsonValue value && value.TryGetValue(out string? text)) || text.Length is 0 or > LongestQuery)
        {
            return Bad($"query must be a text of 1 to {LongestQuery} characters.");
        }

        if (HubQuery.TryParse(text, out HubQuery query) is { } broken)
        {
            return Bad($"The query cannot be run. {broken}");
        }

        string size = context.Request.Headers["x-ms-max-item-count"].ToString();
        if (!TryReadPage(size, out int page))
        {
            return Bad($"x-ms-max-item-count must be a whole number from 1 on; pages have at most {LargestPage} items.");
        }

        string stamp = Stamp(text, page);
        string token = context.Request.Headers[Continuation].ToString();
        return QueryPosition.TryRead(token, stamp, out QueryPosition start)
            ? query.IsAggregate ? Aggregate(query, start, page, stamp) : List(query, start, page, stamp)
            : Bad($"{Continuation} is not of this query with this page size.");
    }

    /// <summary>-1 asks for the default, as some SDKs write it.</summary>
    private static bool TryReadPage(string size, out int page)
    {
        page = DefaultPage;
        bool isGiven = size.Length > 0 && size != "-1";
        bool isNumber = int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted > 0;
        page = isGiven && isNumber ? Math.Min(wanted, LargestPage) : page;
        return !isGiven || isNumber;
    }

    private ServiceAnswer List(HubQuery query, QueryPosition start, int page, string stamp)
    {
        int most = Math.Min(page, query.Top - start.Given);
        var results = new JsonArray();
        string last = start.After;
        bool isMore = false;
        foreach (JsonObject document in Documents(query, start.After, id => last = id))
        {
            if (results.Count == most)
            {
                isMore = start.Given + results.Count < query.Top;
                break;
            }

            results.Add(QueryRun.Project(query, document));
            start = start with { After = last };
        }

        QueryPosition next = start with { Given = start.Given + results.Count };
        return Answer(results, query.Items is null ? "twin" : "raw", isMore ? next.Write(stamp) : null);
    }

    private ServiceAnswer Aggregate(HubQuery query, QueryPosition start, int page, string stamp)
    {
        IReadOnlyList<JsonObject> all = [.. QueryRun.Aggregate(query, Documents(query, "", _ => { })).Take(query.Top)];
        JsonObject[] results = [.. all.Skip(start.Given).Take(page)];
        int given = start.Given + results.Length;
        return Answer(new JsonArray([.. results]), "raw", given < all.Count ? new QueryPosition("", given).Write(stamp) : null);
    }

    /// <summary>The fitting documents behind an identity, in the order of identities.</summary>
    private IEnumerable<JsonObject> Documents(HubQuery query, string after, Action<string> onFound)
    {
        IEnumerable<Device> all = query.OfModules ? registry.All.Where(device => DeviceIds.ModuleOf(device.Id) is not null) : registry.Devices;
        foreach (Device device in all.Where(device => string.CompareOrdinal(device.Id, after) > 0).OrderBy(device => device.Id, StringComparer.Ordinal))
        {
            JsonObject document = TwinCalls.Describe(device);
            if (query.Condition(document))
            {
                onFound(device.Id);
                yield return document;
            }
        }
    }

    private static ServiceAnswer Answer(JsonArray results, string type, string? continuation)
    {
        var headers = new Dictionary<string, string> { [ItemType] = type };
        if (continuation is not null)
        {
            headers[Continuation] = continuation; // an empty one would count as more to come
        }

        return new ServiceAnswer(200, results) { Headers = headers };
    }

    private static string Stamp(string query, int page) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{page}\n{query}")).AsSpan(0, 8));

    private static ServiceAnswer Bad(string message) => ServiceAnswer.Of(ServiceError.ArgumentInvalid(message));
}
