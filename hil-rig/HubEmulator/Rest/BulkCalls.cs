using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// <c>POST /devices [{"id","moduleId","eTag","importMode",…},…]</c>: up to 100 changes of identities or twins, each for itself.
/// Answers 200, or 400 where some failed: <c>{"isSuccessful","errors":[{"deviceId","moduleId","errorCode","errorStatus"}],"warnings":[]}</c>.
/// </summary>
internal sealed class BulkCalls(IdentityChanges identities)
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
            if (identities.Apply(change) is { } error)
            {
                errors.Add(IdentityChanges.Describe(change, error));
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
}
