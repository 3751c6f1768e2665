using System.Text.Json.Nodes;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The modules of a device: list, read, create, update, delete. A module has credentials and a twin of its own, and no status but its device's.</summary>
internal sealed class ModuleCalls(DeviceRegistry registry)
{
    private const int LongestManager = 128;

    public Task<ServiceAnswer> ListAsync(HttpContext context)
    {
        string device = RouteIdentity.Of(context);
        IEnumerable<Device> modules = registry.ModulesOf(device).OrderBy(module => module.Id, StringComparer.Ordinal);
        return Task.FromResult(registry.Find(device) is null
            ? ServiceAnswer.Of(ServiceError.DeviceNotFound(device))
            : ServiceAnswer.Ok(new JsonArray([.. modules.Select(Describe)])));
    }

    public Task<ServiceAnswer> GetAsync(HttpContext context)
    {
        string identity = RouteIdentity.Of(context);
        return Task.FromResult(registry.Find(identity) is { } module ? Answer(module) : ServiceAnswer.Of(ServiceError.IdentityNotFound(identity)));
    }

    public async Task<ServiceAnswer> PutAsync(HttpContext context)
    {
        string identity = RouteIdentity.Of(context);
        string? ifMatch = context.Request.Headers.IfMatch;
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        Device? existing = registry.Find(identity);
        string? misfit = AuthenticationMembers.TryRead(body, existing?.Identity.Credentials, out DeviceCredentials credentials) ?? Misfit(body, identity);
        if (misfit is not null)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(misfit));
        }

        string? managedBy = body["managedBy"]?.ToString();
        return string.IsNullOrEmpty(ifMatch) ? Create(identity, credentials, managedBy) : Update(existing, identity, ifMatch, credentials, managedBy);
    }

    public Task<ServiceAnswer> DeleteAsync(HttpContext context)
    {
        string identity = RouteIdentity.Of(context);
        ServiceAnswer answer = registry.Find(identity) is not { } module
            ? ServiceAnswer.Of(ServiceError.IdentityNotFound(identity))
            : registry.TryDelete(module, context.Request.Headers.IfMatch) ? ServiceAnswer.NoContent : Stale(identity);
        return Task.FromResult(answer);
    }

    private static string? Misfit(JsonObject body, string identity)
    {
        bool fits = DeviceIds.AreValid(DeviceIds.ModuleOf(identity))
            && (body["deviceId"]?.ToString() ?? DeviceIds.DeviceOf(identity)) == DeviceIds.DeviceOf(identity)
            && (body["moduleId"]?.ToString() ?? DeviceIds.ModuleOf(identity)) == DeviceIds.ModuleOf(identity);
        return !fits ? "The module id is malformed, or an id differs between path and body."
            : body["managedBy"]?.ToString().Length > LongestManager ? $"managedBy must have at most {LongestManager} characters."
            : null;
    }

    private ServiceAnswer Create(string identity, DeviceCredentials credentials, string? managedBy)
    {
        string device = DeviceIds.DeviceOf(identity);
        if (registry.TryCreate(identity, credentials, managedBy: managedBy) is { } created)
        {
            return Answer(created);
        }

        return ServiceAnswer.Of(
            registry.Find(device) is null ? ServiceError.DeviceNotFound(device)
            : registry.Find(identity) is not null ? new ServiceError(409, 409301, "ModuleAlreadyExistsOnDevice", identity)
            : new ServiceError(403, 403010, "TooManyModulesOnDevice", $"A device has at most {DeviceRegistry.MostModules} modules."));
    }

    private ServiceAnswer Update(Device? existing, string identity, string? ifMatch, DeviceCredentials credentials, string? managedBy)
    {
        if (existing is null)
        {
            return ServiceAnswer.Of(ServiceError.IdentityNotFound(identity));
        }

        return registry.TryUpdate(existing, ifMatch, credentials, enabled: true, null, managedBy: managedBy) ? Answer(existing) : Stale(identity);
    }

    private static ServiceAnswer Stale(string identity) =>
        ServiceAnswer.Of(new ServiceError(412, 412001, "PreconditionFailed", $"The entity tag is not that of {identity}."));

    private static ServiceAnswer Answer(Device module) => ServiceAnswer.Ok(Describe(module), module.Identity.ETag);

    private static JsonNode Describe(Device module)
    {
        DeviceIdentity identity = module.Identity;
        return new JsonObject
        {
            ["moduleId"] = DeviceIds.ModuleOf(identity.Id),
            ["managedBy"] = identity.ManagedBy,
            ["deviceId"] = DeviceIds.DeviceOf(identity.Id),
            ["generationId"] = identity.GenerationId,
            ["etag"] = identity.ETag,
            ["connectionState"] = module.Session.IsConnected ? "Connected" : "Disconnected",
            ["connectionStateUpdatedTime"] = Times.StampOrNever(module.Session.ConnectionChanged),
            ["lastActivityTime"] = Times.StampOrNever(module.Session.ConnectionChanged),
            ["cloudToDeviceMessageCount"] = 0,
            ["authentication"] = AuthenticationMembers.Describe(identity.Credentials),
        };
    }
}
