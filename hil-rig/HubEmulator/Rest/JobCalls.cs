using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Jobs;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Scheduled jobs: <c>PUT</c> and <c>GET /jobs/v2/{id}</c>, <c>POST /jobs/v2/{id}/cancel</c>, <c>GET /jobs/v2/query?jobType=&amp;jobStatus=</c>.</summary>
internal sealed class JobCalls(JobDesk desk, TimeProvider clock)
{
    public IEnumerable<ServiceRoute> Routes =>
    [
        Route("GET", "/jobs/v2/query", context => Task.FromResult(Query(context))),
        Route("GET", "/jobs/v2/{job}", context => Task.FromResult(Find(context, job => ServiceAnswer.Ok(job.Describe())))),
        Route("PUT", "/jobs/v2/{job}", PutAsync),
        Route("POST", "/jobs/v2/{job}/cancel", context => Task.FromResult(Find(context, Cancel))),
    ];

    private static ServiceRoute Route(string verb, string path, Func<HttpContext, Task<ServiceAnswer>> call) =>
        new(verb, path, AccessRights.ServiceConnect, ServiceErrorShape.Registry, call);

    private async Task<ServiceAnswer> PutAsync(HttpContext context)
    {
        string id = IdOf(context);
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!DeviceIds.AreValid(id) || (body["jobId"] is { } named && named.ToString() != id))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid("The job id is malformed, or differs between path and body."));
        }

        if (JobRequest.TryParse(id, body, clock.GetUtcNow(), out JobRequest request) is { } broken)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        return desk.TryAdd(request, out ScheduledJob job) is { } error ? ServiceAnswer.Of(error) : ServiceAnswer.Ok(job.Describe());
    }

    private ServiceAnswer Cancel(ScheduledJob job)
    {
        desk.Cancel(job);
        return ServiceAnswer.Ok(job.Describe());
    }

    private ServiceAnswer Query(HttpContext context)
    {
        string type = context.Request.Query["jobType"].ToString();
        string status = context.Request.Query["jobStatus"].ToString();
        if (type is not ("" or JobRequest.OfMethods or JobRequest.OfTwins) || !JobNames.IsKnown(status))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(
                $"jobType must be {JobRequest.OfMethods} or {JobRequest.OfTwins}, jobStatus one of scheduled, enqueued, running, completed, failed and cancelled; absent they mean all."));
        }

        if (PageRequest.TryRead(context.Request, $"jobs {type} {status}", out PageRequest page) is { } misfit)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(misfit));
        }

        List<ScheduledJob> fitting =
        [
            .. desk.All.Where(job => (type.Length == 0 || job.Request.Type == type) && JobNames.Means(status, job.Status) && string.CompareOrdinal(job.Request.Id, page.Start.After) > 0)
                .OrderBy(job => job.Request.Id, StringComparer.Ordinal)
                .Take(page.Size + 1),
        ];
        JsonNode[] shown = [.. fitting.Take(page.Size).Select(job => job.Describe())];
        QueryPosition? next = fitting.Count > page.Size ? new QueryPosition(fitting[page.Size - 1].Request.Id, page.Start.Given + page.Size) : null;
        return new ServiceAnswer(200, new JsonArray(shown)) { Headers = page.Headers("jobResponse", next) };
    }

    private ServiceAnswer Find(HttpContext context, Func<ScheduledJob, ServiceAnswer> answer) => desk.Find(IdOf(context)) is { } job
        ? answer(job)
        : ServiceAnswer.Of(new ServiceError(404, 404002, "JobNotFound", IdOf(context)));

    private static string IdOf(HttpContext context) => context.Request.RouteValues["job"]?.ToString() ?? "";
}
