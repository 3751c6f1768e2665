using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Twins;

namespace HubEmulator.Rest;

/// <summary>
/// One change of an identity or its twin among many: <c>{"id","moduleId","eTag","importMode","status","authentication","tags","properties":{"desired"},…}</c>, as the bulk
/// call takes an array of them and an import a line each.
/// </summary>
internal sealed class IdentityChanges(DeviceRegistry registry, TwinWriter writer)
{
    /// <summary>What a change is told of its refusal.</summary>
    public static JsonObject Describe(JsonObject change, ServiceError error)
    {
        string identity = IdentityOf(change);
        return new JsonObject
        {
            ["deviceId"] = DeviceIds.DeviceOf(identity),
            ["moduleId"] = DeviceIds.ModuleOf(identity),
            ["errorCode"] = error.Code,
            ["errorStatus"] = $"{error.Name}: {error.Message}",
        };
    }

    /// <returns>Null when it is done.</returns>
    public ServiceError? Apply(JsonObject change) => Apply(change, IdentityOf(change));

    private static string IdentityOf(JsonObject change) => DeviceIds.Join(TextOf(change["id"] ?? change["deviceId"]) ?? "", TextOf(change["moduleId"]));

    private static string? TextOf(JsonNode? node) => node?.ToString() is { Length: > 0 } text ? text : null;

    private ServiceError? Apply(JsonObject change, string identity)
    {
        if (!DeviceIds.AreValid(DeviceIds.DeviceOf(identity)) || !DeviceIds.AreValid(DeviceIds.ModuleOf(identity) ?? "none"))
        {
            return ServiceError.ArgumentInvalid("The id is missing or malformed.");
        }

        string? tag = (change["eTag"] ?? change["etag"])?.ToString();
        return (change["importMode"]?.ToString() ?? "createOrUpdate").ToUpperInvariant() switch
        {
            "CREATE" => Create(change, identity),
            "CREATEORUPDATE" => registry.Find(identity) is null ? Create(change, identity) : Update(change, identity, null),
            "CREATEORUPDATEIFMATCHETAG" => registry.Find(identity) is null ? Create(change, identity) : WithTag(tag, match => Update(change, identity, match), identity),
            "UPDATE" => Update(change, identity, null),
            "UPDATEIFMATCHETAG" => WithTag(tag, match => Update(change, identity, match), identity),
            "DELETE" => Delete(identity, null),
            "DELETEIFMATCHETAG" => WithTag(tag, match => Delete(identity, match), identity),
            "UPDATETWIN" => UpdateTwin(change, identity, null),
            "UPDATETWINIFMATCHETAG" => WithTag((change["twinETag"] ?? change["twinEtag"])?.ToString(), match => UpdateTwin(change, identity, match), identity),
            _ => ServiceError.ArgumentInvalid($"importMode '{change["importMode"]}' is none of create, createOrUpdate, update, delete, updateTwin, nor one of the last three or createOrUpdate with IfMatchETag."),
        };
    }

    private static ServiceError? WithTag(string? tag, Func<string, ServiceError?> change, string identity) =>
        string.IsNullOrEmpty(tag) ? ServiceError.ArgumentInvalid($"This importMode needs the entity tag of {identity}.") : change(tag);

    private ServiceError? Create(JsonObject change, string identity)
    {
        if (registry.Find(identity) is not null)
        {
            return ServiceError.AlreadyExists(identity);
        }

        if (TwinOf(change, out TwinUpdate twin) is { } misfit)
        {
            return misfit;
        }

        if (IdentityForm.TryRead(change, null, out IdentityForm form) is { } broken)
        {
            return ServiceError.ArgumentInvalid(broken);
        }

        if (registry.TryCreate(identity, form.Credentials, form.Enabled, form.StatusReason, form.IsEdge, TextOf(change["managedBy"])) is not { } created)
        {
            return DeviceIds.ModuleOf(identity) is not null && registry.Find(DeviceIds.DeviceOf(identity)) is null
                ? ServiceError.DeviceNotFound(DeviceIds.DeviceOf(identity))
                : ServiceError.NoRoom(identity);
        }

        return Change(created, twin, null);
    }

    private ServiceError? Update(JsonObject change, string identity, string? ifMatch)
    {
        if (registry.Find(identity) is not { } device)
        {
            return ServiceError.IdentityNotFound(identity);
        }

        if (IdentityForm.TryRead(change, device.Identity, out IdentityForm form) is { } broken)
        {
            return ServiceError.ArgumentInvalid(broken);
        }

        return registry.TryUpdate(device, ifMatch, form.Credentials, form.Enabled, form.StatusReason, form.IsEdge) ? null : ServiceError.Stale(identity);
    }

    private ServiceError? Delete(string identity, string? ifMatch) =>
        registry.Find(identity) is not { } device ? ServiceError.IdentityNotFound(identity)
        : registry.TryDelete(device, ifMatch) ? null : ServiceError.Stale(identity);

    private ServiceError? UpdateTwin(JsonObject change, string identity, string? ifMatch)
    {
        if (registry.Find(identity) is not { } device)
        {
            return ServiceError.IdentityNotFound(identity);
        }

        return TwinOf(change, out TwinUpdate twin) ?? Change(device, twin, ifMatch);
    }

    private static ServiceError? TwinOf(JsonObject change, out TwinUpdate twin) =>
        TwinUpdate.TryParse(change, out twin, out TwinFailure failure) ? null : ErrorOf(failure);

    private ServiceError? Change(Device device, TwinUpdate twin, string? ifMatch)
    {
        if (twin.Tags is null && twin.Desired is null)
        {
            return null;
        }

        TwinFailure failure = writer.Update(device, twin, replace: false, ifMatch);
        return failure.Status == 0 ? null : ErrorOf(failure);
    }

    private static ServiceError ErrorOf(TwinFailure failure) => new(failure.Status, failure.ErrorCode, failure.Name, failure.Message);
}
