using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Methods;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The service side of direct methods; whatever status the device answers, the call itself has succeeded.</summary>
internal sealed class MethodEndpoint(DeviceRegistry registry, MethodCalls calls)
{
    public async Task<ServiceAnswer> PostAsync(HttpContext context)
    {
        string id = RouteIdentity.Of(context);
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (MethodRequest.TryParse(body, out MethodRequest request) is { } broken)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        if (registry.Find(id) is not { } device)
        {
            return ServiceAnswer.Of(ServiceError.IdentityNotFound(id));
        }

        MethodOutcome outcome = await calls.CallAsync(device, request, context.RequestAborted);
        return outcome.Ending == MethodEnding.Answered
            ? ServiceAnswer.Ok(new JsonObject { ["status"] = outcome.Status, ["payload"] = outcome.Payload })
            : ServiceAnswer.Of(Explain(outcome.Ending, id, request));
    }

    internal static ServiceError Explain(MethodEnding ending, string id, MethodRequest request) => ending switch
    {
        MethodEnding.Offline => new ServiceError(404, 404103, "DeviceNotOnline", $"The operation failed because the requested device isn't online: {id}.", request.ConnectTimeout),
        MethodEnding.NoAnswer => new ServiceError(504, 504101, "GatewayTimeout", "Timed out waiting for the response from device.", request.ResponseTimeout),
        MethodEnding.TooManyInFlight => new ServiceError(403, 403800, "DeviceMaximumInflightMethodExceeded", $"At most {MethodCalls.MostInFlight} calls of one device may be under way."),
        _ => new ServiceError(502, 502000, "BadDeviceResponse", "The answer of the device is not JSON."),
    };
}
