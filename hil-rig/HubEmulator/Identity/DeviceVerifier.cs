using HubEmulator.Trust;

namespace HubEmulator.Identity;

/// <summary>
/// Decides whether what a device presents opens its identity, over MQTT and HTTPS alike: an identity with keys takes a token, one with a
/// certificate takes that certificate and no token.
/// </summary>
internal sealed class DeviceVerifier(SasVerifier tokens, CertificateVerifier certificates)
{
    /// <param name="identity">The identity that the device names.</param>
    /// <param name="token">The token, or null or empty.</param>
    /// <param name="certificate">The certificate of the TLS connection, or null.</param>
    public DeviceVerdict Verify(DeviceIdentity identity, string? token, PresentedCertificate? certificate)
    {
        bool hasToken = !string.IsNullOrEmpty(token);
        if (identity.Credentials.Type == AuthenticationType.Sas)
        {
            return hasToken ? OfToken(tokens.VerifyDevice(token, identity))
                : Refused(certificate is null ? "there is no token" : "there is no token; the identity authenticates with a key, not with a certificate");
        }

        if (hasToken || certificate is null)
        {
            return Refused(hasToken ? "the identity authenticates with a certificate, not with a token" : "there is no client certificate");
        }

        return certificates.FindFault(identity, certificate) is { } fault ? Refused(fault) : new DeviceVerdict(null, null, OfPolicy: false);
    }

    private static DeviceVerdict OfToken(SasVerdict verdict) =>
        verdict.Accepted ? new DeviceVerdict(null, verdict.Expires, verdict.OfPolicy) : Refused(verdict.Reason);

    private static DeviceVerdict Refused(string reason) => new(reason, null, OfPolicy: false);
}
