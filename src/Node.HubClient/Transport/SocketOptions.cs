using System.Net.Sockets;

namespace Node.HubClient.Transport;

/// <summary>TCP keep-alive, below MQTT's own.</summary>
internal readonly record struct SocketOptions
{
    /// <summary>Whether TCP probes an idle peer; null leaves the system's default.</summary>
    public bool? KeepAlive { get; init; }

    /// <summary>Idle seconds before the first probe; null leaves the system's default.</summary>
    public int? KeepAliveSeconds { get; init; }

    /// <summary>Seconds between probes; null leaves the system's default.</summary>
    public int? KeepAliveIntervalSeconds { get; init; }

    /// <summary>Puts them on a socket.</summary>
    public void Apply(Socket socket)
    {
        if (KeepAlive is { } on)
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, on);
        }

        if (KeepAliveSeconds is { } seconds)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, seconds);
        }

        if (KeepAliveIntervalSeconds is { } interval)
        {
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, interval);
        }
    }
}
