using HubEmulator.Trust;

namespace HubEmulator.Listening;

/// <summary>Keeps the certificate of a connection's client with the connection, for whoever serves it.</summary>
internal sealed class ClientCertificateFeature
{
    /// <summary>Null when the client presented none, as clients with a key do.</summary>
    public PresentedCertificate? Certificate { get; set; }
}
