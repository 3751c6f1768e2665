using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Telemetry;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Telemetry over HTTPS: <c>POST /devices/{id}/messages/events</c> with the payload as body and properties as headers (<see cref="MessageHeaders"/>),
/// or, as <c>application/vnd.microsoft.iothub.json</c>, a batch <c>[{"body":"{base64}","base64Encoded":true,"properties":{…}},…]</c>, all or nothing.
/// </summary>
internal sealed class EventCalls(TelemetryIntake intake)
{
    private const string BatchType = "application/vnd.microsoft.iothub.json";
    private const int MostMessages = 500;

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("POST", "/devices/{id}/messages/events", AccessRights.DeviceConnect, ServiceErrorShape.Nested, PostAsync),
        new("POST", "/devices/{id}/modules/{module}/messages/events", AccessRights.DeviceConnect, ServiceErrorShape.Nested, PostAsync),
    ];

    private static ServiceAnswer TooLarge { get; } = ServiceAnswer.Of(new ServiceError(
        413, 413001, "MessageTooLarge", $"A message, or a whole batch, may have {TelemetryIntake.MostBytes} bytes with its properties."));

    private async Task<ServiceAnswer> PostAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        bool isBatch = context.Request.ContentType?.StartsWith(BatchType, StringComparison.OrdinalIgnoreCase) == true;
        List<(Dictionary<string, string?> Properties, byte[] Body)>? messages = isBatch ? ReadBatch(body.ToArray()) : [(MessageHeaders.Read(context.Request.Headers), body.ToArray())];
        if (messages is null)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(
                $"A batch is an array of 1 to {MostMessages} objects with body (base64, or a text beside \"base64Encoded\":false) and perhaps properties, an object of texts."));
        }

        DeviceCaller caller = DeviceCaller.Of(context);
        var source = new TelemetrySource(caller.Device.Id, caller.Device.Identity.GenerationId, AuthMethods.Describe(caller.Device.Identity, caller.OfPolicy), null);
        bool fits = messages.Sum(message => (long)message.Body.Length) <= TelemetryIntake.MostBytes && messages.TrueForAll(message => TelemetryIntake.Fits(message.Properties, message.Body.Length));
        if (!fits)
        {
            return TooLarge;
        }

        messages.ForEach(message => intake.Take(source, message.Properties, message.Body, []));
        return ServiceAnswer.NoContent;
    }

    private static List<(Dictionary<string, string?> Properties, byte[] Body)>? ReadBatch(byte[] body)
    {
        try
        {
            return SoundJson.ParseStrict(body) is JsonArray { Count: > 0 and <= MostMessages } array ? [.. array.Select(ReadMessage)] : null;
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <exception cref="FormatException">It is no message.</exception>
    private static (Dictionary<string, string?> Properties, byte[] Body) ReadMessage(JsonNode? one)
    {
        if (one is not JsonObject message || message["body"] is not JsonValue body || message["properties"] is not (null or JsonObject))
        {
            throw new FormatException("It is no message.");
        }

        string text = body.GetValue<string>();
        bool isPlain = message["base64Encoded"] is JsonValue encoded && !encoded.GetValue<bool>();
        byte[] content = isPlain ? System.Text.Encoding.UTF8.GetBytes(text) : Convert.FromBase64String(text);
        return (MessageHeaders.Read((message["properties"] as JsonObject ?? []).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.ToString()))), content);
    }
}
