using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>Reads JSON from outside: one object, no repeated keys, at most 64 levels before the twin's own rules count them.</summary>
internal static class TwinJson
{
    /// <returns>False when the bytes are not JSON or not an object; then the failure says which.</returns>
    public static bool TryReadObject(ReadOnlySpan<byte> utf8, out JsonObject members, out TwinFailure failure)
    {
        members = [];
        failure = TwinFailure.None;
        try
        {
            if (SoundJson.ParseStrict(utf8) is JsonObject found)
            {
                members = found;
                return true;
            }

            failure = TwinFailure.Invalid("The document must be a JSON object.");
        }
        catch (JsonException broken)
        {
            failure = TwinFailure.Malformed(
                broken.LineNumber is { } line ? $"The document is not JSON: line {line + 1}, byte {broken.BytePositionInLine + 1}." : $"The document cannot be read: {broken.Message}");
        }

        return false;
    }
}
