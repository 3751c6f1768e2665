using System.Security.Cryptography.X509Certificates;
using HubEmulator.Trust;

namespace HubEmulator.Provisioning;

/// <summary>Who asks the provisioning service: over MQTT from the CONNECT, over HTTPS from path and header of each request.</summary>
/// <param name="IdScope">The id scope as it came.</param>
/// <param name="RegistrationId">The registration id in its registered form.</param>
/// <param name="Token">The shared access signature, not looked at yet; null or empty where there is none.</param>
/// <param name="Certificate">The certificate of the TLS connection, or null. It counts where there is no token.</param>
internal sealed record ProvisioningCaller(string IdScope, string RegistrationId, string? Token, PresentedCertificate? Certificate = null)
{
    /// <summary>False for a certificate whose common name is not the registration id; ids have no case.</summary>
    public bool IsNamedByCertificate
    {
        get
        {
            using X509Certificate2? certificate = Certificate?.Load();
            return certificate is not null && RegistrationId.Equals(PresentedCertificate.CommonNameOf(certificate), StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>The token stays out of logs.</summary>
    public override string ToString() => $"{IdScope}/registrations/{RegistrationId}";
}
