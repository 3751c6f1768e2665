using System.Globalization;
using System.Text.Json.Nodes;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The identity registry: list, read, create, update, delete.</summary>
internal sealed class RegistryCalls(DeviceRegistry registry)
{
    private const int LongestList = 1000;

    public Task<ServiceAnswer> ListAsync(HttpContext context)
    {
        string top = context.Request.Query["top"].ToString();
        int count = LongestList;
        if (top.Length > 0 && (!int.TryParse(top, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > LongestList))
        {
            return Task.FromResult(ServiceAnswer.Of(ServiceError.ArgumentInvalid($"top must be a whole number from 1 to {LongestList}.")));
        }

        IEnumerable<Device> devices = registry.Devices.OrderBy(device => device.Id, StringComparer.Ordinal).Take(count);
        return Task.FromResult(ServiceAnswer.Ok(new JsonArray([.. devices.Select(Describe)])));
    }

    public Task<ServiceAnswer> GetAsync(HttpContext context) => Task.FromResult(
        Find(context, out string id) is { } device ? Answer(device) : ServiceAnswer.Of(ServiceError.DeviceNotFound(id)));

    public async Task<ServiceAnswer> PutAsync(HttpContext context)
    {
        Device? existing = Find(context, out string id);
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!DeviceIds.AreValid(id) || (body["deviceId"] is { } named && named.ToString() != id))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid("The device id is malformed, or differs between path and body."));
        }

        string? broken = AuthenticationMembers.TryRead(body, existing?.Identity.Credentials, out DeviceCredentials credentials);
        if (broken is not null)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        bool enabled = body["status"]?.ToString() != "disabled";
        string? reason = body["statusReason"]?.ToString();
        return string.IsNullOrEmpty(context.Request.Headers.IfMatch)
            ? Create(id, credentials, enabled, reason)
            : Update(existing, id, context.Request.Headers.IfMatch, credentials, enabled, reason);
    }

    public Task<ServiceAnswer> DeleteAsync(HttpContext context)
    {
        ServiceAnswer answer = Find(context, out string id) is not { } device
            ? ServiceAnswer.Of(ServiceError.DeviceNotFound(id))
            : registry.TryDelete(device, context.Request.Headers.IfMatch) ? ServiceAnswer.NoContent : Stale(id);
        return Task.FromResult(answer);
    }

    private ServiceAnswer Create(string id, DeviceCredentials credentials, bool enabled, string? reason)
    {
        if (registry.TryCreate(id, credentials, enabled, reason) is { } created)
        {
            return Answer(created);
        }

        return registry.Find(id) is null
            ? ServiceAnswer.Of(new ServiceError(403, 403009, "TooManyDevices", $"This hub holds at most {DeviceRegistry.MostDevices} devices."))
            : ServiceAnswer.Of(new ServiceError(409, 409001, "DeviceAlreadyExists", id));
    }

    private ServiceAnswer Update(Device? existing, string id, string? ifMatch, DeviceCredentials credentials, bool enabled, string? reason)
    {
        if (existing is null)
        {
            return ServiceAnswer.Of(ServiceError.DeviceNotFound(id));
        }

        return registry.TryUpdate(existing, ifMatch, credentials, enabled, reason) ? Answer(existing) : Stale(id);
    }

    private Device? Find(HttpContext context, out string id)
    {
        id = context.Request.RouteValues["id"]?.ToString() ?? "";
        return registry.Find(id);
    }

    private static ServiceAnswer Stale(string id) => ServiceAnswer.Of(new ServiceError(412, 412001, "PreconditionFailed", $"The entity tag is not that of {id}."));

    private static ServiceAnswer Answer(Device device) => ServiceAnswer.Ok(Describe(device), device.Identity.ETag);

    private static JsonNode Describe(Device device)
    {
        DeviceIdentity identity = device.Identity;
        return new JsonObject
        {
            ["deviceId"] = identity.Id,
            ["generationId"] = identity.GenerationId,
            ["etag"] = identity.ETag,
            ["connectionState"] = device.Session.IsConnected ? "Connected" : "Disconnected",
            ["status"] = identity.Enabled ? "enabled" : "disabled",
            ["statusReason"] = identity.StatusReason,
            ["connectionStateUpdatedTime"] = Times.StampOrNever(device.Session.ConnectionChanged),
            ["statusUpdatedTime"] = Times.StampOrNever(identity.StatusUpdated),
            ["lastActivityTime"] = Times.StampOrNever(device.Session.ConnectionChanged),
            ["cloudToDeviceMessageCount"] = device.Messages.Count,
            ["authentication"] = AuthenticationMembers.Describe(identity.Credentials),
            ["capabilities"] = new JsonObject { ["iotEdge"] = false },
        };
    }
}
