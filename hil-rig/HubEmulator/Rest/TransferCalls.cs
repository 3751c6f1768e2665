using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Blobs;
using HubEmulator.Identity;
using HubEmulator.Jobs;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Export and import of identities: <c>POST /jobs/create {"type":"export"|"import","inputBlobContainerUri","outputBlobContainerUri","excludeKeysInExport"}</c>,
/// <c>GET /jobs</c>, <c>GET</c> and <c>DELETE /jobs/{id}</c>.
/// </summary>
internal sealed class TransferCalls(TransferDesk desk, TimeProvider clock)
{
    private const string DefaultBlob = "devices.txt";

    public IEnumerable<ServiceRoute> Routes =>
    [
        Route("POST", "/jobs/create", AccessRights.RegistryWrite, CreateAsync),
        Route("GET", "/jobs", AccessRights.RegistryRead, _ => Task.FromResult(ServiceAnswer.Ok(new JsonArray([.. desk.All.Select(job => job.Describe())])))),
        Route("GET", "/jobs/{job}", AccessRights.RegistryRead, context => Task.FromResult(Find(context))),
        Route("DELETE", "/jobs/{job}", AccessRights.RegistryWrite, context => Task.FromResult(Cancel(context))),
    ];

    private static ServiceRoute Route(string verb, string path, AccessRights needed, Func<HttpContext, Task<ServiceAnswer>> call) => new(verb, path, needed, ServiceErrorShape.Registry, call);

    private async Task<ServiceAnswer> CreateAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        string type = body["type"]?.ToString() ?? "";
        string? blob = body[type == TransferJob.Import ? "inputBlobName" : "outputBlobName"]?.ToString();
        if (type is not (TransferJob.Export or TransferJob.Import) || (blob is not null && !BlobAddress.IsName(blob)))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid($"type must be '{TransferJob.Export}' or '{TransferJob.Import}', and the name of a blob one."));
        }

        var job = new TransferJob
        {
            Id = Guid.NewGuid().ToString(),
            Type = type,
            Input = type == TransferJob.Import ? body["inputBlobContainerUri"]?.ToString() : null,
            Output = body["outputBlobContainerUri"]?.ToString() ?? "",
            BlobName = blob ?? DefaultBlob,
            ExcludesKeys = body["excludeKeysInExport"]?.GetValueKind() == JsonValueKind.True,
            Began = clock.GetUtcNow(),
        };
        return desk.TryBegin(job) is { } error ? ServiceAnswer.Of(error) : ServiceAnswer.Ok(job.Describe());
    }

    private ServiceAnswer Find(HttpContext context) => desk.Find(IdOf(context)) is { } job ? ServiceAnswer.Ok(job.Describe()) : NotFound(context);

    private ServiceAnswer Cancel(HttpContext context)
    {
        if (desk.Find(IdOf(context)) is null)
        {
            return NotFound(context);
        }

        desk.Cancel(IdOf(context));
        return ServiceAnswer.NoContent;
    }

    private static ServiceAnswer NotFound(HttpContext context) => ServiceAnswer.Of(new ServiceError(404, 404002, "JobNotFound", IdOf(context)));

    private static string IdOf(HttpContext context) => context.Request.RouteValues["job"]?.ToString() ?? "";
}
