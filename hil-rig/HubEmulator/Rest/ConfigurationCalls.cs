using System.Globalization;
using System.Text.Json.Nodes;
using HubEmulator.Configurations;
using HubEmulator.Identity;
using HubEmulator.Queries;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Automatic configurations: <c>GET /configurations?top=</c>, <c>GET</c>, <c>PUT</c>, <c>DELETE /configurations/{id}</c>, <c>POST /configurations/testQueries</c>.</summary>
internal sealed class ConfigurationCalls(ConfigurationDesk desk, DeviceRegistry registry, TimeProvider clock)
{
    public IEnumerable<ServiceRoute> Routes =>
    [
        Route("GET", "/configurations", AccessRights.RegistryRead, context => Task.FromResult(List(context))),
        Route("GET", "/configurations/{configuration}", AccessRights.RegistryRead, context => Task.FromResult(Get(context))),
        Route("PUT", "/configurations/{configuration}", AccessRights.RegistryWrite, PutAsync),
        Route("DELETE", "/configurations/{configuration}", AccessRights.RegistryWrite, context => Task.FromResult(Delete(context))),
        Route("POST", "/configurations/testQueries", AccessRights.RegistryRead, TestAsync),
    ];

    private static ServiceRoute Route(string verb, string path, AccessRights needed, Func<HttpContext, Task<ServiceAnswer>> call) =>
        new(verb, path, needed, ServiceErrorShape.Registry, call);

    private ServiceAnswer List(HttpContext context)
    {
        string top = context.Request.Query["top"].ToString();
        int count = ConfigurationShelf.MostConfigurations;
        if (top.Length > 0 && (!int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1))
        {
            return Bad("top must be a whole number from 1 on.");
        }

        var metrics = new ConfigurationMetrics(registry);
        return ServiceAnswer.Ok(new JsonArray([.. desk.Shelf.All.Take(count).Select(one => metrics.Describe(one.Configuration))]));
    }

    private ServiceAnswer Get(HttpContext context) => desk.Shelf.Find(IdOf(context)) is { } found ? Answer(found) : NotFound(IdOf(context));

    private async Task<ServiceAnswer> PutAsync(HttpContext context)
    {
        string id = IdOf(context);
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!DeviceIds.AreValid(id) || (body["id"] is { } named && named.ToString() != id))
        {
            return Bad("The configuration's id is malformed, or differs between path and body.");
        }

        if (ConfigurationForm.TryRead(id, body, out Configuration wanted) is { } broken)
        {
            return Bad(broken);
        }

        DateTimeOffset now = clock.GetUtcNow();
        wanted = wanted with { Created = now, Updated = now };
        string? ifMatch = context.Request.Headers.IfMatch;
        return string.IsNullOrEmpty(ifMatch) ? Create(wanted) : Update(wanted, ifMatch);
    }

    private ServiceAnswer Create(Configuration wanted)
    {
        if (desk.Shelf.TryAdd(wanted))
        {
            desk.Touch();
            return Answer(wanted);
        }

        return ServiceAnswer.Of(desk.Shelf.Find(wanted.Id) is not null
            ? new ServiceError(409, 409000, "ConfigurationAlreadyExists", $"There is a configuration {wanted.Id} already; If-Match updates it.")
            : new ServiceError(403, 403000, "ConfigurationCountLimitExceeded", $"This hub holds at most {ConfigurationShelf.MostConfigurations} configurations."));
    }

    /// <summary>Labels, condition, priority and metrics can change; the content is that of the making.</summary>
    private ServiceAnswer Update(Configuration wanted, string ifMatch)
    {
        if (desk.Shelf.Find(wanted.Id) is not { } old)
        {
            return NotFound(wanted.Id);
        }

        if (!JsonNode.DeepEquals(old.Content, wanted.Content))
        {
            return Bad("The content of a configuration cannot change; delete it and make another.");
        }

        if (!desk.Shelf.TryReplace(wanted, ifMatch))
        {
            return ServiceAnswer.Of(ServiceError.Stale(wanted.Id));
        }

        desk.Touch();
        return desk.Shelf.Find(wanted.Id) is { } updated ? Answer(updated) : NotFound(wanted.Id);
    }

    private ServiceAnswer Delete(HttpContext context)
    {
        string id = IdOf(context);
        if (desk.Shelf.Find(id) is null)
        {
            return NotFound(id);
        }

        if (!desk.Shelf.TryRemove(id, context.Request.Headers.IfMatch))
        {
            return ServiceAnswer.Of(ServiceError.Stale(id));
        }

        desk.Touch();
        return ServiceAnswer.NoContent;
    }

    /// <summary><c>{"targetCondition","customMetricQueries":{}}</c>: answers what is wrong with each, <c>{"targetConditionError","customMetricQueryErrors":{}}</c>.</summary>
    private static async Task<ServiceAnswer> TestAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        var errors = new JsonObject();
        foreach ((string name, JsonNode? query) in body["customMetricQueries"] as JsonObject ?? [])
        {
            if (HubQuery.TryParse(query?.ToString() ?? "", out _) is { } broken)
            {
                errors[name] = broken;
            }
        }

        return ServiceAnswer.Ok(new JsonObject
        {
            ["targetConditionError"] = TargetQuery.TryRead(body["targetCondition"]?.ToString() ?? "", out _),
            ["customMetricQueryErrors"] = errors,
        });
    }

    private ServiceAnswer Answer(Configuration configuration) => ServiceAnswer.Ok(new ConfigurationMetrics(registry).Describe(configuration), configuration.ETag);

    private static ServiceAnswer Bad(string message) => ServiceAnswer.Of(ServiceError.ArgumentInvalid(message));

    private static ServiceAnswer NotFound(string id) => ServiceAnswer.Of(new ServiceError(404, 404301, "ConfigurationNotFound", id));

    private static string IdOf(HttpContext context) => context.Request.RouteValues["configuration"]?.ToString() ?? "";
}
