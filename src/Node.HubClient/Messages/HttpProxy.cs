namespace Node.HubClient;

/// <summary>
/// An HTTP proxy that the client asks for a tunnel (<c>CONNECT</c>, RFC 9110 section 9.3.6) on every way to the hub: MQTT, WebSocket and upload.
/// </summary>
public sealed record HttpProxy
{
    /// <summary>Name or address of the proxy.</summary>
    public required string Host { get; init; }

    /// <summary>1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>For Basic authentication; null for none. Given together with <see cref="Password"/> or not at all; holds no colon.</summary>
    public string? UserName { get; init; }

    /// <summary>For Basic authentication; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Names the proxy; holds no secret.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
