using System.Security.Cryptography.X509Certificates;
using Node.HubClient.Connection;

namespace Node.HubClient.Transport;

/// <summary>How a link reaches its endpoint and whom it trusts there.</summary>
internal sealed record LinkRoute
{
    /// <summary>What the peer's certificate must chain to; null for the platform's store.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    /// <summary>TCP options.</summary>
    public SocketOptions Socket { get; init; }

    /// <summary>A certificate to show when the identity itself has none; null for none.</summary>
    public ShownCertificate? Certificate { get; init; }

    /// <summary>A proxy to tunnel through; null for none.</summary>
    public HttpProxy? Proxy { get; init; }

    /// <summary>Whether the bytes travel in WebSocket messages.</summary>
    public bool IsWebSocket { get; init; }
}
