using System.Security.Cryptography.X509Certificates;

namespace Node.HubClient;

/// <summary>An identity in parts, for <see cref="IotHubClientLL.Create"/>. Exactly one of key, token and certificate must be given.</summary>
public sealed record DeviceConfig
{
    /// <summary>The hub's full name, for example <c>contoso.azure-devices.net</c>.</summary>
    public required string HostName { get; init; }

    /// <summary>1 to 128 characters.</summary>
    public required string DeviceId { get; init; }

    /// <summary>A module of the device, 1 to 128 characters; null for the device itself.</summary>
    public string? ModuleId { get; init; }

    /// <summary>The shared access key, base64.</summary>
    public string? SharedAccessKey { get; init; }

    /// <summary>A ready token; used until its own expiry, then <see cref="IotHubClientLL.SetCredential"/> must give a new one.</summary>
    public string? SharedAccessSignature { get; init; }

    /// <summary>A certificate with its private key. The client does not dispose it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The authorities between <see cref="Certificate"/> and the root that the service knows, shown along in the handshake; null for none. Needed where the service was given the root
    /// alone and intermediates sign the devices.
    /// </summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>The host to dial instead of <see cref="HostName"/>, perhaps with a port after a colon, an IPv6 address with a port in brackets; null for none.</summary>
    public string? GatewayHostName { get; init; }

    /// <summary>Names the identity; holds no secret.</summary>
    public override string ToString() => ModuleId is null ? $"{DeviceId} at {HostName}" : $"{DeviceId}/{ModuleId} at {HostName}";
}
