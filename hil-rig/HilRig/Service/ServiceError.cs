using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Service;

/// <summary>Finds the readable part of an IoT Hub error body, which may be JSON in a JSON string.</summary>
internal static class ServiceError
{
    private const int LongestText = 400;

    public static string Describe(string body)
    {
        string message = Member(body, "Message") ?? body;
        string text = Member(message, "message") ?? message;
        string line = text.ReplaceLineEndings(" ").Trim();
        return line.Length switch
        {
            0 => "no reason given",
            > LongestText => line[..LongestText] + "…",
            _ => line,
        };
    }

    private static string? Member(string json, string name)
    {
        try
        {
            return (JsonNode.Parse(json) as JsonObject)?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        }
        catch (JsonException)
        {
            return null; // plain text: the caller shows it as it is
        }
    }
}
