using System.Text.Json.Nodes;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Calls of the service that this hub does not offer: lists are empty, single things are not found, and whoever wants one made hears so, 501.</summary>
internal static class UnofferedCalls
{
    private const AccessRights Read = AccessRights.RegistryRead;
    private const AccessRights Write = AccessRights.RegistryWrite;

    public static IEnumerable<ServiceRoute> Routes =>
    [
        Route("GET", "/jobs", Read, Empty),
        Route("POST", "/jobs/create", Write, _ => Refuse("import and export of devices; POST /devices changes up to 100 at a time")),
        Route("GET", "/jobs/{job}", Read, NoJob),
        Route("DELETE", "/jobs/{job}", Write, NoJob),
    ];

    private static ServiceRoute Route(string verb, string path, AccessRights needed, Func<HttpContext, ServiceAnswer> answer) =>
        new(verb, path, needed, ServiceErrorShape.Registry, context => Task.FromResult(answer(context)));

    private static ServiceAnswer Empty(HttpContext context) => Empty(new Dictionary<string, string>());

    private static ServiceAnswer Empty(Dictionary<string, string> headers) => ServiceAnswer.Ok(new JsonArray()) with { Headers = headers };

    private static ServiceAnswer NoJob(HttpContext context) => ServiceAnswer.Of(new ServiceError(404, 404002, "JobNotFound", $"{context.Request.RouteValues["job"]}"));

    private static ServiceAnswer Refuse(string what) => ServiceAnswer.Of(ServiceError.NotOffered(what));
}
