using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Rest;

/// <summary>An identity with its twin as a line of an export, which an import reads back.</summary>
internal static class IdentityLine
{
    /// <param name="device">The device or module.</param>
    /// <param name="withoutKeys">True leaves null where its keys would stand.</param>
    public static JsonObject Of(Device device, bool withoutKeys)
    {
        DeviceIdentity identity = device.Identity;
        JsonObject twin = TwinCalls.Describe(device);
        JsonObject authentication = AuthenticationMembers.Describe(identity.Credentials);
        if (withoutKeys)
        {
            authentication["symmetricKey"] = new JsonObject { ["primaryKey"] = null, ["secondaryKey"] = null };
        }

        var line = new JsonObject { ["id"] = DeviceIds.DeviceOf(identity.Id) };
        if (DeviceIds.ModuleOf(identity.Id) is { } module)
        {
            line["moduleId"] = module;
            line["managedBy"] = identity.ManagedBy;
        }

        line["eTag"] = identity.ETag;
        line["status"] = identity.Enabled ? "enabled" : "disabled";
        line["statusReason"] = identity.StatusReason;
        line["authentication"] = authentication;
        line["twinETag"] = twin["etag"]?.DeepClone();
        line["tags"] = twin["tags"]?.DeepClone();
        line["properties"] = twin["properties"]?.DeepClone();
        line["capabilities"] = new JsonObject { ["iotEdge"] = identity.IsEdge };
        return line;
    }
}
