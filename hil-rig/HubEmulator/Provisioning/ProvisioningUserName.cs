using HubEmulator.Mqtt;

namespace HubEmulator.Provisioning;

/// <summary>
/// The user name by which a CONNECT asks for the provisioning service: <c>{idScope}/registrations/{registrationId}/api-version={v}[&amp;…]</c>,
/// without a question mark.
/// </summary>
internal sealed record ProvisioningUserName(string IdScope, string RegistrationId)
{
    private const string Version = "api-version=";

    /// <returns>False when it is anything else, a device's user name for instance.</returns>
    public static bool TryParse(string? text, out ProvisioningUserName userName)
    {
        userName = null!;
        string[] parts = (text ?? "").Split('/', 4);
        if (parts.Length != 4 || parts[1] != "registrations" || !IdScopes.AreValid(parts[0]) || !RegistrationIds.AreValid(parts[2]))
        {
            return false;
        }

        string? version = Array.Find(parts[3].Split('&'), parameter => parameter.StartsWith(Version, StringComparison.Ordinal));
        if (version is null || !MqttUserName.IsApiVersion(version[Version.Length..]))
        {
            return false;
        }

        userName = new ProvisioningUserName(parts[0], parts[2]);
        return true;
    }
}
