using Node.HubClient;

namespace Node.Host.Configuration;

/// <summary>Where readings go: configuration section <c>Node:Hub</c>.</summary>
internal sealed record HubOptions
{
    /// <summary>Device connection string; null for a node that samples and spools but has no hub yet. Secret.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>The identity with a certificate, when there is one; it then stands for the connection string. Holds a secret.</summary>
    public DeviceConfig? Device { get; init; }

    /// <summary>The registration at a provisioning service; null for a node that is told its hub.</summary>
    public DpsOptions? Dps { get; init; }

    /// <summary>Whether there is anybody to connect to.</summary>
    public bool IsConfigured => ConnectionString is not null || Device is not null || Dps is not null;

    /// <summary>The name of the hub, or of the provisioning service that will name it; null without either.</summary>
    public string? HostName => Dps?.Config.HostName ?? Device?.HostName ?? (ConnectionString is { } text ? HubConnectionString.Part(text, "HostName") : null);

    /// <summary>The certificate that the node shows; null where a key proves who it is.</summary>
    public System.Security.Cryptography.X509Certificates.X509Certificate2? Certificate => Dps?.Config.Certificate ?? Device?.Certificate;

    /// <summary>Device id out of the connection string, or the registration id; null without either.</summary>
    public string? DeviceId { get; init; }

    /// <summary>TCP port of the hub's MQTT endpoint. Default 8883; 1 to 65,535.</summary>
    public int Port { get; init; } = 8883;

    /// <summary>How MQTT reaches the hub. Default MQTT over TLS.</summary>
    public HubProtocol Protocol { get; init; } = HubProtocol.Mqtt;

    /// <summary>TCP port of the hub's HTTPS endpoint, for WebSockets and uploads. Default 443; 1 to 65,535.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>An HTTP proxy on the way to the hub; null for none. Holds a secret.</summary>
    public HttpProxy? Proxy { get; init; }

    /// <summary>PEM text of the only roots trusted; null for the platform's store.</summary>
    public string? TrustedRootsPem { get; init; }

    /// <summary>Plug and Play model id announced at connect; null for that of the model that the configuration makes.</summary>
    public string? ModelId { get; init; }

    /// <summary>Leaves the secret out, so that a record that reaches a log or an error text gives nothing away.</summary>
    public override string ToString() => $"HubOptions {{ DeviceId = {DeviceId ?? "none"}, Port = {Port} }}";
}
