using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>Reads JSON from outside: one object, no repeated keys, at most 64 levels before the twin's own rules count them.</summary>
internal static class TwinJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <returns>False when the bytes are not JSON or not an object; then the failure says which.</returns>
    public static bool TryReadObject(ReadOnlySpan<byte> utf8, out JsonObject members, out TwinFailure failure)
    {
        members = [];
        failure = TwinFailure.None;
        try
        {
            if (SoundJson.Parse(utf8, Strict) is JsonObject found)
            {
                members = found;
                return true;
            }

            failure = TwinFailure.Invalid("The document must be a JSON object.");
        }
        catch (JsonException broken)
        {
            failure = TwinFailure.Malformed($"The document is not JSON: line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }

        return false;
    }
}
