using System.Text.Json.Nodes;
using HubEmulator.Configurations;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary><c>POST /devices/{id}/applyConfigurationContent {"deviceContent":{…},"modulesContent":{…}}</c>: sets a configuration's content on one device at once, 204.</summary>
internal sealed class ContentCalls(DeviceRegistry registry, DeviceContent content)
{
    public IEnumerable<ServiceRoute> Routes => [new("POST", "/devices/{id}/applyConfigurationContent", AccessRights.RegistryWrite, ServiceErrorShape.Registry, PostAsync)];

    private async Task<ServiceAnswer> PostAsync(HttpContext context)
    {
        string id = RouteIdentity.Of(context);
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        return refusal ?? (registry.Find(id) is not { } device ? ServiceAnswer.Of(ServiceError.DeviceNotFound(id))
            : content.Apply(device, body) is { } error ? ServiceAnswer.Of(error)
            : ServiceAnswer.NoContent);
    }
}
