using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.DigitalTwins;
using HubEmulator.Identity;
using HubEmulator.Methods;
using HubEmulator.Twins;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// The digital twin interface over the same twins and methods: <c>GET</c> and <c>PATCH /digitaltwins/{id}</c>, and
/// <c>POST /digitaltwins/{id}[/components/{component}]/commands/{command}</c>, which calls the method <c>{command}</c> or <c>{component}*{command}</c>.
/// </summary>
internal sealed class DigitalTwinCalls(DeviceRegistry registry, TwinWriter writer, MethodCalls methods)
{
    public IEnumerable<ServiceRoute> Routes =>
    [
        Route("GET", "/digitaltwins/{id}", context => Task.FromResult(WithDevice(context, Get))),
        Route("PATCH", "/digitaltwins/{id}", PatchAsync),
        Route("POST", "/digitaltwins/{id}/commands/{command}", CallAsync),
        Route("POST", "/digitaltwins/{id}/components/{component}/commands/{command}", CallAsync),
    ];

    private static ServiceRoute Route(string verb, string path, Func<HttpContext, Task<ServiceAnswer>> call) => new(verb, path, AccessRights.ServiceConnect, ServiceErrorShape.Nested, call);

    private ServiceAnswer WithDevice(HttpContext context, Func<Device, ServiceAnswer> answer)
    {
        string id = RouteIdentity.Of(context);
        return registry.Find(id) is { } device ? answer(device) : ServiceAnswer.Of(ServiceError.IdentityNotFound(id));
    }

    private static ServiceAnswer Get(Device device)
    {
        JsonObject twin = TwinCalls.Describe(device);
        return ServiceAnswer.Ok(DigitalTwinDocument.Of(device.Id, device.Session.ModelId ?? "", twin), twin["etag"]!.GetValue<string>());
    }

    private async Task<ServiceAnswer> PatchAsync(HttpContext context)
    {
        (JsonNode? body, string? unreadable) = await ReadAsync(context);
        if (unreadable is not null || body is not JsonArray operations)
        {
            return Bad(unreadable ?? "The body must be an array of operations.");
        }

        return DigitalTwinPatch.TryRead(operations, out JsonObject desired) is { } broken ? Bad(broken) : WithDevice(context, device =>
        {
            TwinFailure failure = writer.Update(device, new TwinUpdate(null, desired), replace: false, context.Request.Headers.IfMatch);
            return failure.Status == 0
                ? new ServiceAnswer(202, ETag: TwinCalls.Describe(device)["etag"]!.GetValue<string>()) { Headers = new Dictionary<string, string> { ["Location"] = context.Request.Path.ToUriComponent() } }
                : RequestBody.Refuse(failure);
        });
    }

    private async Task<ServiceAnswer> CallAsync(HttpContext context)
    {
        (JsonNode? payload, string? unreadable) = await ReadAsync(context);
        string id = RouteIdentity.Of(context);
        string command = $"{context.Request.RouteValues["command"]}";
        var body = new JsonObject { ["methodName"] = context.Request.RouteValues["component"] is { } component ? $"{component}*{command}" : command, ["payload"] = payload };
        foreach (string time in new[] { "responseTimeoutInSeconds", "connectTimeoutInSeconds" })
        {
            body[time] = context.Request.Query[time].ToString() is { Length: > 0 } text ? (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : -1) : null;
        }

        MethodRequest request = null!;
        if ((unreadable ?? MethodRequest.TryParse(body, out request)) is { } broken)
        {
            return Bad(broken);
        }

        if (registry.Find(id) is not { } device)
        {
            return ServiceAnswer.Of(ServiceError.IdentityNotFound(id));
        }

        MethodOutcome outcome = await methods.CallAsync(device, request, context.RequestAborted);
        return outcome.Ending == MethodEnding.Answered
            ? new ServiceAnswer(200, outcome.Payload) { Headers = new Dictionary<string, string> { ["x-ms-command-statuscode"] = outcome.Status.ToString(CultureInfo.InvariantCulture) } }
            : ServiceAnswer.Of(MethodEndpoint.Explain(outcome.Ending, id, request));
    }

    /// <summary>Any JSON; an empty body is null.</summary>
    private static async Task<(JsonNode? Body, string? Unreadable)> ReadAsync(HttpContext context)
    {
        byte[] bytes = await RequestBody.ReadAsync(context.Request);
        try
        {
            return (bytes.Length == 0 ? null : SoundJson.ParseStrict(bytes), null);
        }
        catch (JsonException broken)
        {
            return (null, $"The body is not JSON: {broken.Message}");
        }
    }

    private static ServiceAnswer Bad(string message) => ServiceAnswer.Of(ServiceError.ArgumentInvalid(message));
}
