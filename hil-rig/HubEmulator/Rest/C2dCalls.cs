using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.C2d;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The service side of cloud-to-device messages: a call of the emulator's own that sends, because the service has one over AMQP only, and the service's purge.</summary>
internal sealed class C2dCalls(DeviceRegistry registry, C2dDesk desk)
{
    private static readonly Dictionary<string, C2dAck> Acks = new(StringComparer.Ordinal)
    {
        ["none"] = C2dAck.None,
        ["positive"] = C2dAck.Positive,
        ["negative"] = C2dAck.Negative,
        ["full"] = C2dAck.Full,
    };

    /// <summary>
    /// <c>POST /hilrig/devices/{id}/messages {"body":"{base64}","properties":{},"messageId","correlationId","contentType","contentEncoding","ack","expiryTimeUtc"}</c>:
    /// every member may be missing. Answers 202 with the number of messages in the queue.
    /// </summary>
    public async Task<ServiceAnswer> SendAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (Find(context, out string id) is not { } device)
        {
            return ServiceAnswer.Of(ServiceError.DeviceNotFound(id));
        }

        string? broken = TryRead(body, out C2dMessage message) ?? C2dRules.FindBrokenRule(message);
        if (broken is not null)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        if (C2dRules.IsTooLarge(id, message))
        {
            return ServiceAnswer.Of(new ServiceError(413, 413001, "MessageTooLarge", $"A message may have {C2dRules.MostBytes} bytes with its properties, and a topic of 65,535."));
        }

        return desk.TrySend(device, message)
            ? new ServiceAnswer(202, new JsonObject { ["cloudToDeviceMessageCount"] = device.Messages.Count })
            : ServiceAnswer.Of(new ServiceError(403, 403004, "DeviceMaximumQueueDepthExceeded", $"The queue of {id} holds {C2dQueue.MostMessages} messages."));
    }

    /// <summary><c>DELETE /devices/{id}/commands</c>: empties the queue, messages in flight included.</summary>
    public Task<ServiceAnswer> PurgeAsync(HttpContext context) => Task.FromResult(
        Find(context, out string id) is { } device
            ? ServiceAnswer.Ok(new JsonObject { ["deviceId"] = id, ["moduleId"] = null, ["totalMessagesPurged"] = desk.Purge(device) })
            : ServiceAnswer.Of(ServiceError.DeviceNotFound(id)));

    private Device? Find(HttpContext context, out string id)
    {
        id = context.Request.RouteValues["id"]?.ToString() ?? "";
        return registry.Find(id);
    }

    /// <returns>What cannot be read, or null.</returns>
    private static string? TryRead(JsonObject body, out C2dMessage message)
    {
        message = new C2dMessage();
        string? expiryText = TextOf(body, "expiryTimeUtc");
        DateTimeOffset expiry = default;
        if (expiryText is not null && !DateTimeOffset.TryParse(expiryText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out expiry))
        {
            return "expiryTimeUtc must be a time such as 2026-01-01T00:00:00Z.";
        }

        string? ackText = TextOf(body, "ack");
        C2dAck ack = default;
        if (ackText is not null && !Acks.TryGetValue(ackText, out ack))
        {
            return "ack must be none, positive, negative or full.";
        }

        if (TryReadProperties(body["properties"]) is not { } properties)
        {
            return "properties must be an object of texts and nulls.";
        }

        string payloadText = TextOf(body, "body") ?? "";
        byte[] payload = new byte[payloadText.Length];
        if (!Convert.TryFromBase64String(payloadText, payload, out int length))
        {
            return "body must be base64.";
        }

        message = new C2dMessage
        {
            MessageId = TextOf(body, "messageId"),
            CorrelationId = TextOf(body, "correlationId"),
            ContentType = TextOf(body, "contentType"),
            ContentEncoding = TextOf(body, "contentEncoding"),
            Ack = ackText is null ? null : ack,
            ExpiryTime = expiryText is null ? null : expiry,
            Properties = properties,
            Body = payload.AsMemory(0, length),
        };
        return null;
    }

    private static List<KeyValuePair<string, string?>>? TryReadProperties(JsonNode? node)
    {
        if (node is null)
        {
            return [];
        }

        return node is JsonObject members && members.All(member => member.Value is null || member.Value.GetValueKind() == JsonValueKind.String)
            ? [.. members.Select(member => KeyValuePair.Create(member.Key, (string?)member.Value))]
            : null;
    }

    /// <summary>A member that is no text counts as its JSON text, which the rules then judge.</summary>
    private static string? TextOf(JsonObject body, string name) =>
        body[name] is { } node ? node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString() : null;
}
