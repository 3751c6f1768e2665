using System.Collections.Concurrent;
using System.Net.Sockets;
using Node.Sensors.Bus.Remote;

namespace HilRig.BusServer;

/// <summary>Serves a board to several programs at a time, over a Unix or a TCP socket: <c>docs/remote-bus.md</c>.</summary>
internal sealed class BusListener : IAsyncDisposable
{
    private const int MostConnections = 256;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<BusConnection, Task> _connections = new();
    private readonly Socket _socket;
    private readonly BusBoard _board;
    private readonly TimeProvider _time;
    private readonly Action<string>? _tell;
    private readonly Task _accepting;

    private BusListener(Socket socket, RemoteBusEndpoint endpoint, BusBoard board, TimeProvider time, Action<string>? tell)
    {
        _socket = socket;
        _board = board;
        _time = time;
        _tell = tell;
        Endpoint = endpoint;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens; with the port that was found when any was asked for.</summary>
    public RemoteBusEndpoint Endpoint { get; }

    /// <summary>Connections that are open now.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Begins to listen. A socket file that nobody listens on any more is replaced.</summary>
    /// <param name="endpoint">Where; TCP port 0 takes a free one.</param>
    /// <param name="board">What is served; stays the caller's, and keeps its state when the listener goes.</param>
    /// <param name="time">Times the greeting.</param>
    /// <param name="tell">Called with a line for each peer that was cut off; null for none.</param>
    /// <exception cref="RigException">The address cannot be listened on.</exception>
    public static BusListener Start(RemoteBusEndpoint endpoint, BusBoard board, TimeProvider time, Action<string>? tell = null)
    {
        RemoveLeftOver(endpoint);
        Socket socket = endpoint.CreateSocket();
        try
        {
            socket.Bind(endpoint.Resolve());
            if (endpoint.UnixPath is { } path && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite); // whoever may write there works the chips
            }
            socket.Listen(backlog: 64);
            return new BusListener(socket, endpoint.Bound(socket.LocalEndPoint!), board, time, tell);
        }
        catch (Exception fault) when (fault is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw new RigException(RigFault.UnusableInput, $"{endpoint}: cannot be listened on ({fault.Message}); name another path or port with --listen", fault);
        }
    }

    /// <summary>Cuts every connection, as a cable that is pulled does; new ones are accepted.</summary>
    public void CutConnections()
    {
        foreach (BusConnection connection in _connections.Keys)
        {
            connection.Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Values);
        if (Endpoint.UnixPath is { } path)
        {
            File.Delete(path);
        }
        _stop.Dispose();
    }

    private static void RemoveLeftOver(RemoteBusEndpoint endpoint)
    {
        if (endpoint.UnixPath is not { } path || !File.Exists(path))
        {
            return;
        }
        using Socket probe = endpoint.CreateSocket();
        try
        {
            probe.Connect(endpoint.Resolve());
        }
        catch (SocketException)
        {
            File.Delete(path); // a server that was killed leaves its file behind
            return;
        }
        throw new RigException(RigFault.UnusableInput, $"{endpoint}: another server listens there; stop it, or name another path with --listen");
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _socket.AcceptAsync(_stop.Token);
                if (_connections.Count >= MostConnections)
                {
                    socket.Dispose();
                    _tell?.Invoke($"a peer was turned away: {MostConnections} are connected");
                    continue;
                }
                Begin(socket);
            }
            catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException fault)
            {
                _tell?.Invoke($"a peer left before it was let in: {fault.Message}");
            }
        }
    }

    private void Begin(Socket socket)
    {
        if (socket.ProtocolType == ProtocolType.Tcp)
        {
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        }
        var connection = new BusConnection(socket, _board, _time);
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = ServeAsync(connection, registered.Task);
        registered.SetResult();
    }

    private async Task ServeAsync(BusConnection connection, Task registered)
    {
        await registered;
        try
        {
            if (await connection.RunAsync(_stop.Token) is { } fault)
            {
                _tell?.Invoke($"a peer was cut off: {fault}");
            }
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }
}
