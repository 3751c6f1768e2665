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

    /// <summary><c>GET /statistics/devices</c>.</summary>
    public Task<ServiceAnswer> DeviceStatisticsAsync(HttpContext context)
    {
        int enabled = registry.Devices.Count(device => device.Identity.Enabled);
        int all = registry.Count;
        return Task.FromResult(ServiceAnswer.Ok(new JsonObject { ["totalDeviceCount"] = all, ["enabledDeviceCount"] = enabled, ["disabledDeviceCount"] = Math.Max(all - enabled, 0) }));
    }

    /// <summary><c>GET /statistics/service</c>.</summary>
    public Task<ServiceAnswer> ServiceStatisticsAsync(HttpContext context) => Task.FromResult(
        ServiceAnswer.Ok(new JsonObject { ["connectedDeviceCount"] = registry.Devices.Count(device => device.Session.IsConnected) }));

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

        if (IdentityForm.TryRead(body, existing?.Identity, out IdentityForm form) is { } broken)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        return string.IsNullOrEmpty(context.Request.Headers.IfMatch)
            ? Create(id, form)
            : Update(existing, id, context.Request.Headers.IfMatch, form);
    }

    public Task<ServiceAnswer> DeleteAsync(HttpContext context)
    {
        ServiceAnswer answer = Find(context, out string id) is not { } device
            ? ServiceAnswer.Of(ServiceError.DeviceNotFound(id))
            : registry.TryDelete(device, context.Request.Headers.IfMatch) ? ServiceAnswer.NoContent : Stale(id);
        return Task.FromResult(answer);
    }

    private ServiceAnswer Create(string id, IdentityForm form) =>
        registry.TryCreate(id, form.Credentials, form.Enabled, form.StatusReason, form.IsEdge) is { } created
            ? Answer(created)
            : ServiceAnswer.Of(registry.Find(id) is null ? ServiceError.NoRoom(id) : ServiceError.AlreadyExists(id));

    private ServiceAnswer Update(Device? existing, string id, string? ifMatch, IdentityForm form)
    {
        if (existing is null)
        {
            return ServiceAnswer.Of(ServiceError.DeviceNotFound(id));
        }

        return registry.TryUpdate(existing, ifMatch, form.Credentials, form.Enabled, form.StatusReason, form.IsEdge) ? Answer(existing) : Stale(id);
    }

    private Device? Find(HttpContext context, out string id)
    {
        id = context.Request.RouteValues["id"]?.ToString() ?? "";
        return registry.Find(id);
    }

    private static ServiceAnswer Stale(string id) => ServiceAnswer.Of(ServiceError.Stale(id));

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
            ["capabilities"] = new JsonObject { ["iotEdge"] = identity.IsEdge },
        };
    }
}
