using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Configuration;

namespace Node.Host.Methods;

/// <summary>Reads method payloads: the value itself, or an object with named parts.</summary>
internal static class Payload
{
    /// <summary>The part of an object that every method may have: it makes a repetition harmless.</summary>
    public const string CommandId = "commandId";

    /// <summary>Why an object has a part that nobody asks for; null when it has none, or is no object.</summary>
    public static string? UnknownPart(JsonNode? payload, params string[] known) => payload is JsonObject parts
        && parts.Select(part => part.Key).FirstOrDefault(key => key != CommandId && !known.Contains(key, StringComparer.Ordinal)) is { } unknown
            ? $"'{unknown}' is not understood; allowed are {string.Join(", ", [.. known, CommandId])}"
            : null;

    /// <summary>Why a payload is not nothing (nor an object without parts); null when it is. Of an object only the known parts are allowed.</summary>
    public static string? NotNothing(JsonNode? payload, params string[] known) => payload is null or JsonObject || Text(payload) is ""
        ? UnknownPart(payload, known)
        : $"{(payload.ToJsonString() is { Length: <= 60 } text ? text : "the payload")} is not understood; this method takes none";

    /// <summary>A part of an object; where the payload is no object, the payload itself.</summary>
    public static JsonNode? Part(JsonNode? payload, string name) => payload is JsonObject parts ? parts[name] : payload;

    /// <summary>A duration: <c>"PT2S"</c>, <c>"2s"</c> or a number of seconds.</summary>
    public static bool TryDuration(JsonNode? value, out TimeSpan duration)
    {
        duration = default;
        return value?.GetValueKind() switch
        {
            JsonValueKind.String => Duration.TryParse(value.GetValue<string>(), out duration),
            JsonValueKind.Number => ((JsonValue)value).TryGetValue(out decimal seconds) && Duration.TryParse(string.Create(CultureInfo.InvariantCulture, $"{seconds}s"), out duration),
            _ => false,
        };
    }

    /// <summary>Text, or null for anything else.</summary>
    public static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A number, or null for anything else.</summary>
    public static double? Number(JsonNode? value) => value?.GetValueKind() == JsonValueKind.Number && ((JsonValue)value).TryGetValue(out double number) ? number : null;
}
