using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Rest;

/// <summary>What a service asks an identity to be.</summary>
internal sealed record IdentityForm(DeviceCredentials Credentials, bool Enabled, string? StatusReason)
{
    private const int LongestReason = 128;

    /// <summary>Reads <c>{"status","statusReason","authentication"}</c>; what is missing stays as it is, or is as at a new identity.</summary>
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

        string? reason = body.ContainsKey("statusReason") ? body["statusReason"]?.ToString() : existing?.StatusReason;
        if (reason?.Length > LongestReason)
        {
            return $"statusReason must have at most {LongestReason} characters.";
        }

        string? broken = AuthenticationMembers.TryRead(body, existing?.Credentials, out DeviceCredentials credentials);
        form = new IdentityForm(credentials, isEnabled, reason);
        return broken;
    }
}
