using System.Net;
using System.Net.Sockets;

namespace Node.HubClient.Transport;

/// <summary>
/// Dials the addresses of one name side by side, a new one each 250 ms or as soon as one fails, the families in turn, and keeps the first
/// that answers (RFC 8305): one dead family or address costs a quarter of a second, not a time-out.
/// </summary>
internal sealed class AddressRace : IDisposable
{
    private static readonly TimeSpan Head = TimeSpan.FromMilliseconds(250);

    private readonly Queue<IPEndPoint> _left;
    private readonly List<(Socket Socket, IPEndPoint Remote)> _dialling = [];
    private readonly SocketOptions _options;
    private readonly TimeProvider _clock;
    private long _dialledAt;

    /// <summary>Begins with the first address of the resolver's order.</summary>
    public AddressRace(IReadOnlyList<IPAddress> addresses, int port, SocketOptions options, TimeProvider clock)
    {
        _left = new Queue<IPEndPoint>(InTurn(addresses).Select(address => new IPEndPoint(address, port)));
        _options = options;
        _clock = clock;
    }

    /// <summary>Why the last address failed; for people.</summary>
    public string Failure { get; private set; } = "no address";

    /// <summary>Whether every address has failed.</summary>
    public bool IsLost => _left.Count == 0 && _dialling.Count == 0;

    /// <summary>One step; the connected socket, which is the caller's from then on, or null.</summary>
    public Socket? Poll()
    {
        for (int index = _dialling.Count - 1; index >= 0; index--)
        {
            (Socket socket, IPEndPoint remote) = _dialling[index];
            if (socket.Poll(0, SelectMode.SelectWrite))
            {
                _dialling.RemoveAt(index);
                int error = (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
                if (error == 0)
                {
                    return socket;
                }

                GiveUp(socket, remote, new SocketException(error));
            }
        }

        return _left.Count > 0 && (_dialling.Count == 0 || _clock.GetElapsedTime(_dialledAt) >= Head) ? Dial() : null;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _dialling.ForEach(late => late.Socket.Dispose());
        _dialling.Clear();
    }

    /// <summary>The addresses with the families in turn, the resolver's first one first.</summary>
    internal static IEnumerable<IPAddress> InTurn(IReadOnlyList<IPAddress> addresses)
    {
        IPAddress[] same = [.. addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily)];
        IPAddress[] other = [.. addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily)];
        for (int index = 0; index < Math.Max(same.Length, other.Length); index++)
        {
            if (index < same.Length)
            {
                yield return same[index];
            }

            if (index < other.Length)
            {
                yield return other[index];
            }
        }
    }

    private Socket? Dial()
    {
        while (_left.TryDequeue(out IPEndPoint? remote))
        {
            Socket? socket = null;
            _dialledAt = _clock.GetTimestamp();
            try
            {
                socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
                _options.Apply(socket);
                socket.Connect(remote);
                return socket;
            }
            catch (SocketException failed) when (failed.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                _dialling.Add((socket!, remote)); // Under way; a later poll sees the end of it.
                return null;
            }
            catch (SocketException failed)
            {
                GiveUp(socket, remote, failed); // Such as a family that this machine has no route for: on to the next.
            }
        }

        return null;
    }

    private void GiveUp(Socket? socket, IPEndPoint remote, SocketException cause)
    {
        Failure = $"{remote}: {cause.Message}";
        socket?.Dispose();
    }
}
