using System.Net;

namespace Node.Host.Configuration;

/// <summary>Where the status page listens: configuration section <c>Node:Http</c>.</summary>
internal sealed record HttpOptions
{
    /// <summary>TCP port. Default 8080; 0 (any free one) to 65,535.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Address to listen on. Default 127.0.0.1, which nobody outside the machine reaches.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Who knows it may work actuators over HTTP, 8 characters or more; null when nobody may. A secret.</summary>
    public string? Token { get; init; }

    /// <summary>Names beyond those of the local network under which the node answers; <c>*.example.com</c> for all below one, <c>*</c> for any. Default none.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Without the token, so that no log shows it.</summary>
    public override string ToString() => $"{Address}:{Port}";
}
