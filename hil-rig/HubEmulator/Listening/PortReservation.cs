using System.Net;
using System.Net.Sockets;

namespace HubEmulator.Listening;

/// <summary>
/// A port that is bound but does not listen, on one address or on both loopback addresses. While it is held nobody else gets the port,
/// and whoever dials it is refused at once: an outage looks like a dead host, and the way back to the same port stays free.
/// </summary>
internal sealed class PortReservation : IDisposable
{
    private const int Attempts = 20;
    private readonly Dictionary<IPAddress, Socket> _sockets = [];

    private readonly string _purpose;

    private PortReservation(string purpose) => _purpose = purpose;

    public int Port { get; private set; }

    public IReadOnlyList<IPEndPoint> EndPoints => [.. _sockets.Keys.Select(address => new IPEndPoint(address, Port))];

    /// <summary>Binds the port; 0 takes any that is free on all addresses.</summary>
    /// <param name="address">Where; IPv4 loopback brings IPv6 loopback with it where the machine has one.</param>
    /// <param name="port">0 to 65535.</param>
    /// <param name="purpose">What the port is for, to name it in an error.</param>
    /// <exception cref="LocalHubException">The port is taken or not permitted.</exception>
    public static PortReservation Take(IPAddress address, int port, string purpose)
    {
        bool both = address.Equals(IPAddress.Loopback) && Socket.OSSupportsIPv6;
        for (int attempt = 1; ; attempt++)
        {
            var reservation = new PortReservation(purpose) { Port = port };
            try
            {
                reservation.Bind(address);
                if (both)
                {
                    reservation.TryBindLoopback6();
                }

                return reservation;
            }
            catch (SocketException refused)
            {
                reservation.Dispose();
                if (port != 0 || attempt == Attempts || refused.SocketErrorCode != SocketError.AddressAlreadyInUse)
                {
                    throw Explain(refused, address, port, purpose);
                }
            }
        }
    }

    /// <summary>Gives a socket away to the listener that will own it; it listens from here on.</summary>
    /// <exception cref="LocalHubException">Another program that had bound the port, too, was faster.</exception>
    public Socket HandOver(EndPoint endPoint)
    {
        IPAddress address = ((IPEndPoint)endPoint).Address;
        Socket socket = _sockets[address];
        try
        {
            socket.Listen(); // a bound port is not exclusive everywhere; one that listens is
        }
        catch (SocketException refused)
        {
            throw Explain(refused, address, Port, _purpose);
        }

        _sockets.Remove(address);
        return socket;
    }

    public void Dispose()
    {
        foreach (Socket socket in _sockets.Values)
        {
            socket.Dispose();
        }

        _sockets.Clear();
    }

    private void Bind(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _sockets[address] = socket;
        if (address.Equals(IPAddress.IPv6Any))
        {
            socket.DualMode = true;
        }

        socket.Bind(new IPEndPoint(address, Port));
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>A machine may know IPv6 and still have no address of it.</summary>
    private void TryBindLoopback6()
    {
        try
        {
            Bind(IPAddress.IPv6Loopback);
        }
        catch (SocketException absent) when (absent.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            _sockets.Remove(IPAddress.IPv6Loopback, out Socket? unused);
            unused?.Dispose();
        }
    }

    private static LocalHubException Explain(SocketException refused, IPAddress address, int port, string purpose)
    {
        (LocalHubFault fault, string text) = refused.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => (
                LocalHubFault.PortInUse, $"The {purpose} port {port} on {address} is in use. Stop the other program, or choose another port, or 0 for any that is free."),
            SocketError.AccessDenied => (
                LocalHubFault.PortNotPermitted, $"This user may not open the {purpose} port {port} on {address}. Choose a port from 1024 on, or 0 for any that is free."),
            _ => (
                LocalHubFault.PortNotPermitted, $"The {purpose} port {port} on {address} cannot be opened: {refused.Message}. Choose an address of this machine."),
        };
        return new LocalHubException(fault, text, refused) { Port = port };
    }
}
