using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Rest;

/// <summary>The member that holds two keys wherever the service writes or reads some: <c>"symmetricKey":{"primaryKey":…,"secondaryKey":…}</c>.</summary>
internal static class SymmetricKeyMembers
{
    public static JsonObject Describe(SymmetricKeys keys) => new() { ["primaryKey"] = keys.Primary, ["secondaryKey"] = keys.Secondary };

    /// <summary>Missing or empty keys keep the existing ones.</summary>
    /// <returns>Null, or what is wrong with the keys.</returns>
    public static string? TryRead(JsonNode? symmetricKey, SymmetricKeys existing, out SymmetricKeys keys)
    {
        var members = symmetricKey as JsonObject;
        string primary = TextOf(members?["primaryKey"]) is { Length: > 0 } first ? first : existing.Primary;
        string secondary = TextOf(members?["secondaryKey"]) is { Length: > 0 } second ? second : existing.Secondary;
        keys = new SymmetricKeys(primary, secondary);
        return SymmetricKeys.IsValid(primary) && SymmetricKeys.IsValid(secondary) ? null : "A symmetric key must be base64 of 16 to 64 bytes.";
    }

    private static string? TextOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node?.ToJsonString();
}
