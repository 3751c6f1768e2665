using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Twins;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The service side of twins: read, merge, replace; a change of desired properties goes on to the device.</summary>
internal sealed class TwinCalls(DeviceRegistry registry, TwinWriter writer)
{
    public Task<ServiceAnswer> GetAsync(HttpContext context)
    {
        string id = RouteIdentity.Of(context);
        return Task.FromResult(registry.Find(id) is { } device ? Answer(device) : ServiceAnswer.Of(ServiceError.IdentityNotFound(id)));
    }

    public Task<ServiceAnswer> PatchAsync(HttpContext context) => UpdateAsync(context, replace: false);

    public Task<ServiceAnswer> PutAsync(HttpContext context) => UpdateAsync(context, replace: true);

    private async Task<ServiceAnswer> UpdateAsync(HttpContext context, bool replace)
    {
        string id = RouteIdentity.Of(context);
        if (registry.Find(id) is not { } device)
        {
            return ServiceAnswer.Of(ServiceError.IdentityNotFound(id));
        }

        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (TwinUpdate.TryParse(body, out TwinUpdate update, out TwinFailure failure))
        {
            failure = writer.Update(device, update, replace, context.Request.Headers.IfMatch);
        }

        return failure.Status == 0 ? Answer(device) : RequestBody.Refuse(failure);
    }

    private static ServiceAnswer Answer(Device device)
    {
        JsonObject document = Describe(device);
        return ServiceAnswer.Ok(document, document["etag"]!.GetValue<string>());
    }

    /// <summary>The twin document as services read it.</summary>
    internal static JsonObject Describe(Device device)
    {
        DeviceIdentity identity = device.Identity;
        var document = new JsonObject
        {
            ["deviceId"] = DeviceIds.DeviceOf(identity.Id),
            ["etag"] = "",
            ["deviceEtag"] = identity.ETag,
            ["status"] = identity.Enabled ? "enabled" : "disabled",
            ["statusReason"] = identity.StatusReason,
            ["statusUpdateTime"] = Times.StampOrNever(identity.StatusUpdated),
            ["connectionState"] = device.Session.IsConnected ? "Connected" : "Disconnected",
            ["lastActivityTime"] = Times.StampOrNever(device.Session.ConnectionChanged),
            ["cloudToDeviceMessageCount"] = device.Messages.Count,
            ["authenticationType"] = AuthenticationMembers.NameOf(identity.Credentials.Type),
            ["x509Thumbprint"] = AuthenticationMembers.Describe(identity.Credentials.Thumbprints),
            ["modelId"] = device.Session.ModelId ?? "",
        };
        device.Twin.Describe(document);
        if (DeviceIds.ModuleOf(identity.Id) is { } module)
        {
            document["moduleId"] = module;
            document["managedBy"] = identity.ManagedBy ?? "";
        }

        if (device.Configurations.Count > 0)
        {
            document["configurations"] = new JsonObject(device.Configurations.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)new JsonObject { ["status"] = one.Value })));
        }

        document["capabilities"] = new JsonObject { ["iotEdge"] = identity.IsEdge };
        return document;
    }
}
