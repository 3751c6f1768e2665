using System.Text.Json.Nodes;

namespace HilRig.Service;

/// <summary>A writable property's acknowledgement in the reported section: <c>{"value":…,"ac":200,"av":3,"ad":"…"}</c>.</summary>
internal sealed record PropertyAnswer(JsonNode? Value, int Code, long Version, string? Description)
{
    /// <summary>Null while the device has reported nothing, or no acknowledgement, at <paramref name="path"/>.</summary>
    public static PropertyAnswer? Find(JsonObject twin, IReadOnlyList<string> path)
    {
        JsonNode? node = twin["properties"]?["reported"];
        foreach (string name in path)
        {
            node = (node as JsonObject)?[name];
        }
        return node is JsonObject answer && answer["ac"] is JsonValue code && code.TryGetValue(out int status)
            ? new PropertyAnswer(answer["value"]?.DeepClone(), status, Version: Number(answer["av"]), (answer["ad"] as JsonValue)?.ToString())
            : null;
    }

    public static long DesiredVersion(JsonObject twin) => Number(twin["properties"]?["desired"]?["$version"]);

    private static long Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long number) ? number : 0;
}
