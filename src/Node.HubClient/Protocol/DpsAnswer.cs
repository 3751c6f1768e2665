using System.Text;
using System.Text.Json;

namespace Node.HubClient.Protocol;

/// <summary>
/// The body of a provisioning answer, as far as a device needs it:
/// <c>{"operationId":"…","status":"assigned","registrationState":{"assignedHub":"…","deviceId":"…","substatus":"…","payload":…}}</c>, or
/// <c>{"errorCode":401002,"trackingId":"…","message":"…"}</c>. Unknown members are passed over.
/// </summary>
internal sealed record DpsAnswer
{
    /// <summary>The operation to poll; null when the answer names none.</summary>
    public string? OperationId { get; private init; }

    /// <summary>Such as <c>assigning</c>; null when the answer has none.</summary>
    public string? Status { get; private init; }

    /// <summary>The hub; null before one is assigned.</summary>
    public string? AssignedHub { get; private init; }

    /// <summary>The device's id at the hub; null before one is assigned.</summary>
    public string? DeviceId { get; private init; }

    /// <summary>How it was assigned.</summary>
    public string? Substatus { get; private init; }

    /// <summary>What a custom allocation returned, as JSON.</summary>
    public string? PayloadJson { get; private init; }

    /// <summary>The service's code of a failure.</summary>
    public int? ErrorCode { get; private init; }

    /// <summary>The service's words for a failure.</summary>
    public string? Message { get; private init; }

    /// <summary>The service's name of the request.</summary>
    public string? TrackingId { get; private init; }

    /// <summary>Reads a body; what is absent or of another type is null, and a body that is no JSON object gives an answer with nothing in it.</summary>
    public static DpsAnswer Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object)
            {
                return new DpsAnswer();
            }

            JsonElement state = root.TryGetProperty("registrationState"u8, out JsonElement found) && found.ValueKind is JsonValueKind.Object ? found : default;
            return new DpsAnswer
            {
                OperationId = Operation(Text(root, "operationId"u8)),
                Status = Text(root, "status"u8),
                AssignedHub = Text(state, "assignedHub"u8),
                DeviceId = Text(state, "deviceId"u8),
                Substatus = Text(state, "substatus"u8),
                PayloadJson = state.ValueKind is JsonValueKind.Object && state.TryGetProperty("payload"u8, out JsonElement payload) ? payload.GetRawText() : null,
                ErrorCode = Number(state, "errorCode"u8) ?? Number(root, "errorCode"u8),
                Message = Text(state, "errorMessage"u8) ?? Text(root, "message"u8),
                TrackingId = Text(root, "trackingId"u8),
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return new DpsAnswer(); // Also a text that is no valid UTF-16, which JSON can spell and a string cannot.
        }
    }

    /// <summary><c>{"registrationId":"…"[,"payload":…]}</c>.</summary>
    public static byte[] Request(string registrationId, string? payloadJson) => Encoding.UTF8.GetBytes(
        payloadJson is null ? $$"""{"registrationId":"{{registrationId}}"}""" : $$"""{"registrationId":"{{registrationId}}","payload":{{payloadJson}}}""");

    /// <summary>An operation id stands in a topic: one with a wildcard or a separator is none.</summary>
    private static string? Operation(string? id) => id is { Length: > 0 and <= 1_024 } && id.All(letter => letter is > ' ' and < '\x7F' and not '#' and not '+' and not '&' and not '/') ? id : null;

    private static string? Text(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.ValueKind is JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;
}
