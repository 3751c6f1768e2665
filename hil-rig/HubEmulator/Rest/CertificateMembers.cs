using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using HubEmulator.Provisioning;

namespace HubEmulator.Rest;

/// <summary>
/// The member <c>x509</c> of an attestation: <c>{"clientCertificates":{"primary":{"certificate"},"secondary":…}}</c> for one device,
/// <c>{"signingCertificates":{…}}</c> for a group. What is answered describes the certificates and does not repeat them.
/// </summary>
internal static class CertificateMembers
{
    /// <summary>Reads the member. Certificates that are missing stay as they were.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? TryRead(JsonNode? x509, bool isGroup, CertificateAttestation? existing, out CertificateAttestation? certificates)
    {
        string name = NameOf(isGroup);
        var members = (x509 as JsonObject)?[name] as JsonObject;
        string? primaryText = TextOf(members?["primary"]);
        string? secondaryText = TextOf(members?["secondary"]);
        string? primary = primaryText is null ? existing?.Primary : CertificateAttestation.TryRead(primaryText);
        string? secondary = secondaryText is null ? existing?.Secondary : CertificateAttestation.TryRead(secondaryText);
        certificates = primary is null ? null : new CertificateAttestation(primary, secondary);
        if (isGroup && (x509 as JsonObject)?["caReferences"] is not null)
        {
            return "attestation.x509.caReferences is not served; give the authority's certificate in signingCertificates.";
        }

        return primary is null || (secondaryText is not null && secondary is null)
            ? $"attestation.x509.{name} needs primary.certificate, and may have secondary.certificate, each base64 of DER, or PEM."
            : null;
    }

    public static JsonObject Describe(CertificateAttestation certificates, bool isGroup) => new()
    {
        [NameOf(isGroup)] = new JsonObject { ["primary"] = Describe(certificates.Primary), ["secondary"] = Describe(certificates.Secondary) },
    };

    private static string NameOf(bool isGroup) => isGroup ? "signingCertificates" : "clientCertificates";

    private static string? TextOf(JsonNode? holder) => (holder as JsonObject)?["certificate"]?.ToString() is { Length: > 0 } text ? text : null;

    private static JsonObject? Describe(string? der)
    {
        if (der is null)
        {
            return null;
        }

        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(der));
        return new JsonObject
        {
            ["info"] = new JsonObject
            {
                ["subjectName"] = certificate.Subject,
                ["sha1Thumbprint"] = certificate.GetCertHashString(),
                ["sha256Thumbprint"] = certificate.GetCertHashString(HashAlgorithmName.SHA256),
                ["issuerName"] = certificate.Issuer,
                ["notBeforeUtc"] = Times.Stamp(certificate.NotBefore),
                ["notAfterUtc"] = Times.Stamp(certificate.NotAfter),
                ["serialNumber"] = certificate.SerialNumber,
                ["version"] = certificate.Version,
            },
        };
    }
}
