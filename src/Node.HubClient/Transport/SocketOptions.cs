using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Node.HubClient.Transport;

/// <summary>TCP keep-alive, below MQTT's own, and the way out of this machine.</summary>
internal readonly record struct SocketOptions
{
    /// <summary>Whether TCP probes an idle peer; null leaves the system's default.</summary>
    public bool? KeepAlive { get; init; }

    /// <summary>Idle seconds before the first probe; null leaves the system's default.</summary>
    public int? KeepAliveSeconds { get; init; }

    /// <summary>Seconds between probes; null leaves the system's default.</summary>
    public int? KeepAliveIntervalSeconds { get; init; }

    /// <summary>Hardware address of the network interface to leave by, such as <c>B8-27-EB-00-00-01</c>; null for the system's choice.</summary>
    public string? HardwareAddress { get; init; }

    /// <summary>Name of the network interface to leave by, such as <c>eth0</c>; null for the system's choice.</summary>
    public string? InterfaceName { get; init; }

    /// <summary>Puts them on a socket.</summary>
    /// <exception cref="SocketException">The interface is not there or has no address of the socket's family.</exception>
    public void Apply(Socket socket)
    {
        if (HardwareAddress is not null || InterfaceName is not null)
        {
            socket.Bind(new IPEndPoint(LocalAddress(socket.AddressFamily), 0));
        }

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

    private IPAddress LocalAddress(AddressFamily family)
    {
        foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (IsWanted(candidate)
                && candidate.GetIPProperties().UnicastAddresses.FirstOrDefault(own => own.Address.AddressFamily == family) is { } found)
            {
                return found.Address;
            }
        }

        throw new SocketException((int)SocketError.AddressNotAvailable, $"no network interface {InterfaceName ?? HardwareAddress} with an address of that family");
    }

    private bool IsWanted(NetworkInterface candidate) => InterfaceName is { } name
        ? candidate.Name == name
        : PhysicalAddress.TryParse(HardwareAddress, out PhysicalAddress? wanted) && candidate.GetPhysicalAddress().Equals(wanted);
}
