namespace Node.Sensors.Bus.Remote;

/// <summary>
/// Requests and their answers over one connection, one at a time. A connection that fails is given up with the request that met it; the
/// next request makes a new one. Safe for use by several threads.
/// </summary>
internal sealed class RemoteLink(RemoteBusOptions options) : IDisposable
{
    private readonly Lock _turn = new();
    private readonly RemoteFrame _frame = new();
    private RemoteSocket? _socket;
    private uint _number;
    private bool _disposed;

    /// <summary>Fills in a request's body.</summary>
    public delegate void Write(RemoteFrame frame);

    /// <summary>Takes an answer without error apart, while the link is held.</summary>
    public delegate void Read(ref RemoteAnswer answer);

    /// <summary>Called while the link is held, with each new connection before its first request.</summary>
    public Action? Connected { get; init; }

    /// <summary>Sends a request and waits for the answer.</summary>
    /// <returns>The error number of Linux that the other end met, with its text, or 0.</returns>
    /// <exception cref="RemoteLinkException">The other end was not reached, or not heard in time.</exception>
    /// <exception cref="ObjectDisposedException">The link was disposed.</exception>
    public (int Errno, string Text) Request(RemoteFrameKind kind, Write write, Read? read = null)
    {
        lock (_turn)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            RequestDeadline deadline = new(TimeProvider.System, options.RequestTimeout);
            try
            {
                if (_socket is null)
                {
                    _socket = RemoteSocket.Connect(options.Endpoint, _frame, deadline);
                    Connected?.Invoke();
                }

                if (kind == RemoteFrameKind.PwmOpen && !_socket.ServesPwm)
                {
                    throw RemoteLinkException.Refused(options.Endpoint, "the server has no PWM channels; take server and node from the same release, or give the actuator a Pin.");
                }

                return Exchange(_socket, kind, write, read, deadline);
            }
            catch (RemoteLinkException)
            {
                _socket?.Dispose();
                _socket = null;
                throw;
            }
        }
    }

    public void Dispose()
    {
        lock (_turn)
        {
            _disposed = true;
            _socket?.Dispose();
            _socket = null;
        }
    }

    private (int Errno, string Text) Exchange(RemoteSocket socket, RemoteFrameKind kind, Write write, Read? read, RequestDeadline deadline)
    {
        uint number = ++_number;
        write(_frame.Begin(kind, number));
        if (_frame.Length > RemoteFrame.LongestLength) { throw new ArgumentException("The transfer is too long for one request of a remote bus."); }

        socket.Send(_frame.Bytes, deadline);
        RemoteAnswer answer = new(socket.Receive(deadline), options.Endpoint);
        answer.RequireFor(kind, number);
        if (answer.Errno != 0) { return (answer.Errno, answer.Failure()); }

        read?.Invoke(ref answer);
        return (0, "");
    }
}
