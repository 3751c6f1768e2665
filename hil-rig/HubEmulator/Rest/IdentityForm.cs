using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Rest;

/// <summary>What a service asks an identity to be.</summary>
internal sealed record IdentityForm(DeviceCredentials Credentials, bool Enabled, string? StatusReason, bool IsEdge)
{
    private const int LongestReason = 128;

    /// <summary>Reads <c>{"status","statusReason","authentication","capabilities":{"iotEdge"}}</c>; a missing reason is none, and what else is missing stays as it is.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? TryRead(JsonObject body, DeviceIdentity? existing, out IdentityForm form)
    {
        form = null!;
        string status = body["status"]?.ToString() ?? (existing?.Enabled == false ? "disabled" : "enabled");
        bool isEnabled = status.Equals("enabled", StringComparison.OrdinalIgnoreCase);
        if (!isEnabled && !status.Equals("disabled", StringComparison.OrdinalIgnoreCase))
        {
            return $"status must be 'enabled' or 'disabled', not '{status}'.";
        }

        string? reason = body["statusReason"]?.ToString();
        if (reason?.Length > LongestReason)
        {
            return $"statusReason must have at most {LongestReason} characters.";
        }

        if (!TryReadEdge(body["capabilities"], existing?.IsEdge ?? false, out bool isEdge))
        {
            return "capabilities must be an object, and its iotEdge true or false.";
        }

        string? broken = AuthenticationMembers.TryRead(body, existing?.Credentials, out DeviceCredentials credentials);
        form = new IdentityForm(credentials, isEnabled, reason, isEdge);
        return broken;
    }

    private static bool TryReadEdge(JsonNode? capabilities, bool absent, out bool isEdge)
    {
        JsonNode? member = (capabilities as JsonObject)?["iotEdge"];
        isEdge = member is null ? absent : member.GetValueKind() == JsonValueKind.True;
        return capabilities is null or JsonObject && member?.GetValueKind() is null or JsonValueKind.True or JsonValueKind.False;
    }
}
