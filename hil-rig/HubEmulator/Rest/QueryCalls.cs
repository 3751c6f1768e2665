using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Jobs;
using HubEmulator.Queries;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Queries over twins and over what jobs did, page by page: <c>POST /devices/query {"query":"SELECT * FROM devices WHERE …"}</c> with
/// <c>x-ms-max-item-count</c> and <c>x-ms-continuation</c>. A page begins behind the last item of the one before, so items that come or go
/// meanwhile shift nothing.
/// </summary>
internal sealed class QueryCalls(DeviceRegistry registry, JobDesk jobs)
{
    public IEnumerable<ServiceRoute> Routes => [new("POST", "/devices/query", AccessRights.ServiceConnect, ServiceErrorShape.Nested, QueryAsync)];

    private async Task<ServiceAnswer> QueryAsync(HttpContext context)
    {
        (string text, ServiceAnswer? refusal) = await RequestBody.ReadQueryAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (HubQuery.TryParse(text, out HubQuery query) is { } broken)
        {
            return Bad($"The query cannot be run. {broken}");
        }

        return PageRequest.TryRead(context.Request, text, out PageRequest page) is { } misfit ? Bad(misfit)
            : query.IsAggregate ? Aggregate(query, page) : List(query, page);
    }

    private ServiceAnswer List(HubQuery query, PageRequest page)
    {
        QueryPosition start = page.Start;
        int most = Math.Min(page.Size, query.Top - start.Given);
        var results = new JsonArray();
        bool isMore = false;
        foreach ((string id, JsonObject document) in Documents(query, start.After))
        {
            if (results.Count == most)
            {
                isMore = start.Given + results.Count < query.Top;
                break;
            }

            results.Add(QueryRun.Project(query, document));
            start = start with { After = id };
        }

        QueryPosition next = start with { Given = start.Given + results.Count };
        string type = query.Items is not null ? "raw" : query.Source == QuerySource.Jobs ? "deviceJob" : "twin";
        return new ServiceAnswer(200, results) { Headers = page.Headers(type, isMore ? next : null) };
    }

    private ServiceAnswer Aggregate(HubQuery query, PageRequest page)
    {
        IReadOnlyList<JsonObject> all = [.. QueryRun.Aggregate(query, Documents(query, "").Select(found => found.Document)).Take(query.Top)];
        JsonObject[] results = [.. all.Skip(page.Start.Given).Take(page.Size)];
        int given = page.Start.Given + results.Length;
        return new ServiceAnswer(200, new JsonArray([.. results])) { Headers = page.Headers("raw", given < all.Count ? new QueryPosition("", given) : null) };
    }

    private IEnumerable<(string Id, JsonObject Document)> Documents(HubQuery query, string after) =>
        query.Source == QuerySource.Jobs ? DeviceJobs(query, after) : TwinSearch.Find(registry, query, after);

    /// <summary>The parts of jobs behind one, in the order of jobs and devices.</summary>
    private IEnumerable<(string Id, JsonObject Document)> DeviceJobs(HubQuery query, string after) =>
        jobs.All.SelectMany(job => job.Devices.Select(device => (Id: $"{job.Request.Id} {device.Identity}", Document: device.Describe(job.Request))))
            .Where(part => string.CompareOrdinal(part.Id, after) > 0 && query.Condition(part.Document))
            .OrderBy(part => part.Id, StringComparer.Ordinal);

    private static ServiceAnswer Bad(string message) => ServiceAnswer.Of(ServiceError.ArgumentInvalid(message));
}
