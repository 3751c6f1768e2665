using Microsoft.Extensions.Logging;

namespace Node.HubClient;

/// <summary>How a client connects and how much it holds. Defaults are the reference's unless a member says otherwise.</summary>
public sealed record HubClientOptions
{
    /// <summary>How MQTT reaches the hub. Default <see cref="HubProtocol.Mqtt"/>.</summary>
    public HubProtocol Protocol { get; init; } = HubProtocol.Mqtt;

    /// <summary>TCP port of the hub's MQTT endpoint. Default 8883; 1 to 65,535.</summary>
    public int Port { get; init; } = 8883;

    /// <summary>TCP port of the hub's HTTPS endpoint, for WebSockets and uploads. Default 443; 1 to 65,535.</summary>
    public int HttpsPort { get; init; } = 443;

    /// <summary>An HTTP proxy for all connections; null for none. The environment's proxy variables are not read.</summary>
    public HttpProxy? Proxy { get; init; }

    /// <summary>
    /// PEM text of the only roots that the hub's certificate may chain to; null for the platform's store.
    /// The check itself cannot be switched off.
    /// </summary>
    public string? TrustedRootsPem { get; init; }

    /// <summary>Seconds without any packet sent after which a ping goes out. Default 240; 0 (never) to 1,177.</summary>
    public int KeepAliveSeconds { get; init; } = 240;

    /// <summary>Bound for each attempt, from name resolution to the last SUBACK. Default 30 s; 1 s to 10 min.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Lifetime of generated tokens, renewed at 80 %. Default 1 h; 5 s to 365 days.</summary>
    public TimeSpan SasTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Telemetry published and not yet acknowledged, at most. Default 100; 1 to 10,000.</summary>
    public int InFlightWindow { get; init; } = 100;

    /// <summary>
    /// How long a published message may go without its PUBACK on one connection before it ends as <see cref="SendConfirmation.MessageTimeout"/> and the connection,
    /// on which the hub no longer answers, is closed. Default 120 s, the reference's; 1 s to 1 day. With <see cref="Timeout.InfiniteTimeSpan"/> no published message is ever given
    /// up: the connection is closed after 120 s without an answer, and the message goes out again on the next one.
    /// </summary>
    public TimeSpan ConfirmationTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Telemetry accepted and not yet confirmed, at most, in messages. Default 100,000; 1 to 10,000,000.</summary>
    public int MaxQueuedMessages { get; init; } = 100_000;

    /// <summary>Telemetry accepted and not yet confirmed, at most, in bytes on the wire. Default 64 MiB; 256 KiB to 4 GiB.</summary>
    public long MaxQueuedBytes { get; init; } = 64L << 20;

    /// <summary>Whether property names and values are percent-encoded (RFC 3986, UTF-8). Default true; the reference's default is false.</summary>
    public bool UrlEncodeProperties { get; init; } = true;

    /// <summary>Bound for each request of an upload, from name resolution to the end of the answer. Default 4 min; 1 s to 1 h.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Plug and Play model id announced at connect, for example <c>dtmi:com:example:Node;1</c>; null for none.</summary>
    public string? ModelId { get; init; }

    /// <summary>Product information put before the client's own in the user name; null for none.</summary>
    public string? ProductInfo { get; init; }

    /// <summary>Source of every instant: monotonic for durations, wall clock for token expiry alone.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Seed of the jitter; null draws one. Fleets spread because each client draws its own.</summary>
    public int? JitterSeed { get; init; }

    /// <summary>Where transitions are logged, once each with their cause; null for nowhere.</summary>
    public ILogger? Logger { get; init; }
}
