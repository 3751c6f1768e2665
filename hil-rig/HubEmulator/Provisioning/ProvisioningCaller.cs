namespace HubEmulator.Provisioning;

/// <summary>Who asks the provisioning service: over MQTT from the CONNECT, over HTTPS from path and header of each request.</summary>
/// <param name="IdScope">The id scope as it came.</param>
/// <param name="RegistrationId">The registration id in its registered form.</param>
/// <param name="Token">The shared access signature, not looked at yet.</param>
internal sealed record ProvisioningCaller(string IdScope, string RegistrationId, string? Token)
{
    /// <summary>The token stays out of logs.</summary>
    public override string ToString() => $"{IdScope}/registrations/{RegistrationId}";
}
