using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Node.Sensors.Bus.Remote;

/// <summary>Where a remote bus is served: <c>unix:PATH</c> or <c>tcp:HOST:PORT</c>.</summary>
public sealed record RemoteBusEndpoint
{
    /// <summary>What a text must look like, for error texts.</summary>
    public const string Forms = "unix:PATH or tcp:HOST:PORT";

    private const string UnixPrefix = "unix:";
    private const string TcpPrefix = "tcp:";
    private const int LongestUnixPath = 107; // the system's sun_path without its zero

    private RemoteBusEndpoint(string? unixPath, string? host, int port)
    {
        UnixPath = unixPath;
        Host = host;
        Port = port;
    }

    /// <summary>The path of the Unix socket, or <see langword="null"/> for TCP.</summary>
    public string? UnixPath { get; }

    /// <summary>The host name or address, or <see langword="null"/> for a Unix socket.</summary>
    public string? Host { get; }

    /// <summary>The TCP port; 0 lets a server take any free one.</summary>
    public int Port { get; }

    /// <summary>Reads one of the two forms; an IPv6 address stands in brackets.</summary>
    /// <returns><see langword="false"/> when it is neither; <paramref name="fault"/> then says why.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out RemoteBusEndpoint? endpoint, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        endpoint = null;
        fault = null;
        if (text.StartsWith(UnixPrefix, StringComparison.OrdinalIgnoreCase))
        {
            string path = text[UnixPrefix.Length..];
            int length = Encoding.UTF8.GetByteCount(path);
            if (length is > 0 and <= LongestUnixPath) { endpoint = new RemoteBusEndpoint(path, null, 0); }
            else { fault = string.Create(CultureInfo.InvariantCulture, $"the path of a Unix socket has 1 to {LongestUnixPath} bytes, and this one has {length}"); }
        }
        else if (text.StartsWith(TcpPrefix, StringComparison.OrdinalIgnoreCase) && TrySplit(text[TcpPrefix.Length..], out string host, out int port))
        {
            endpoint = new RemoteBusEndpoint(null, host, port);
        }
        else
        {
            fault = $"'{text}' is no address of a remote bus; allowed is {Forms}";
        }

        return endpoint is not null;
    }

    /// <summary>The text that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => UnixPath is { } path
        ? UnixPrefix + path
        : string.Create(CultureInfo.InvariantCulture, $"{TcpPrefix}{(Host!.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>A socket of the right kind, not connected. The caller owns it.</summary>
    public Socket CreateSocket() => UnixPath is null
        ? new Socket(Resolve().AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>The address behind the name; the first one when a name has several.</summary>
    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    public EndPoint Resolve() => UnixPath is { } path
        ? new UnixDomainSocketEndPoint(path)
        : new IPEndPoint(IPAddress.TryParse(Host, out IPAddress? address) ? address : Dns.GetHostAddresses(Host!)[0], Port);

    /// <summary>The same with the port that a socket was really bound to.</summary>
    public RemoteBusEndpoint Bound(EndPoint local) => local is IPEndPoint bound ? new RemoteBusEndpoint(null, Host, bound.Port) : this;

    private static bool TrySplit(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = colon > 0 ? text[..colon] : "";
        port = 0;
        if (host.StartsWith('[') && host.EndsWith(']')) { host = host[1..^1]; }

        return Uri.CheckHostName(host) is not UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort;
    }
}
