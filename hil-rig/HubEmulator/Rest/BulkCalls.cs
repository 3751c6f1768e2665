using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Twins;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// <c>POST /devices [{"id","moduleId","eTag","importMode",…},…]</c>: up to 100 changes of identities or twins, each for itself.
/// Answers 200, or 400 where some failed: <c>{"isSuccessful","errors":[{"deviceId","moduleId","errorCode","errorStatus"}],"warnings":[]}</c>.
/// </summary>
internal sealed class BulkCalls(DeviceRegistry registry, TwinWriter writer)
{
    private const int MostChanges = 100;

    public IEnumerable<ServiceRoute> Routes => [new("POST", "/devices", AccessRights.RegistryWrite, ServiceErrorShape.Registry, PostAsync)];

    private async Task<ServiceAnswer> PostAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } changes)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid($"The body must be an array of 1 to {MostChanges} objects."));
        }

        var errors = new JsonArray();
        foreach (JsonObject change in changes)
        {
            string identity = DeviceIds.Join(TextOf(change["id"] ?? change["deviceId"]) ?? "", TextOf(change["moduleId"]));
            if (Apply(change, identity) is { } error)
            {
                errors.Add(Describe(identity, error));
            }
        }

        bool isSuccessful = errors.Count == 0;
        var result = new JsonObject { ["isSuccessful"] = isSuccessful, ["errors"] = errors, ["warnings"] = new JsonArray() };
        return isSuccessful
            ? ServiceAnswer.Ok(result)
            : new ServiceAnswer(400, result) { Headers = new Dictionary<string, string> { ["iothub-errorcode"] = "BulkRegistryOperationFailure" } };
    }

    private static async Task<List<JsonObject>?> ReadAsync(HttpContext context)
    {
        try
        {
            return SoundJson.ParseStrict(await RequestBody.ReadAsync(context.Request)) is JsonArray { Count: > 0 and <= MostChanges } array && array.All(one => one is JsonObject)
                ? [.. array.Cast<JsonObject>()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonObject Describe(string identity, ServiceError error) => new()
    {
        ["deviceId"] = DeviceIds.DeviceOf(identity),
        ["moduleId"] = DeviceIds.ModuleOf(identity),
        ["errorCode"] = error.Code,
        ["errorStatus"] = $"{error.Name}: {error.Message}",
    };

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

        if (registry.TryCreate(identity, form.Credentials, form.Enabled, form.StatusReason, form.IsEdge) is not { } created)
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
