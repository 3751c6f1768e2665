using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using HubEmulator.Trust;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace HubEmulator.Listening;

/// <summary>
/// The TLS of every port: asks for a client certificate and does not insist on one. Whatever comes is let in and kept with the connection,
/// because only the identity that the client names later tells which certificate it needs.
/// </summary>
internal static class HubTls
{
    public static TlsHandshakeCallbackOptions Options(X509Certificate2 certificate, TimeSpan handshakeTime)
    {
        SslStreamCertificateContext own = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        return new TlsHandshakeCallbackOptions { OnConnection = context => ValueTask.FromResult(Options(own, context.Connection)), HandshakeTimeout = handshakeTime };
    }

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "These are clients' certificates, and the identity decides: CertificateVerifier.")]
    private static SslServerAuthenticationOptions Options(SslStreamCertificateContext own, ConnectionContext connection)
    {
        var feature = new ClientCertificateFeature();
        connection.Features.Set(feature);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = own,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = true, // asked for; the callback lets in who has none
            AllowTlsResume = false, // a resumed session would bring the certificate without the way to its authority
            CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true },
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                feature.Certificate = certificate is null ? null : PresentedCertificate.Of(certificate, chain);
                return true; // whether it opens anything is decided at the identity: CertificateVerifier
            },
        };
    }
}
