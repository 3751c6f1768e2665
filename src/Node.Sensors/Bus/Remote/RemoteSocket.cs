using System.Buffers.Binary;
using System.Net.Sockets;

namespace Node.Sensors.Bus.Remote;

/// <summary>One connection that was greeted: whole frames in and out, each within a limit of time. Used by one thread at a time.</summary>
internal sealed class RemoteSocket : IDisposable
{
    private const int Version = 1;
    private const int I2cBusLength = 2;
    private const int SpiBusLength = 3;
    private readonly RemoteBusEndpoint _endpoint;
    private readonly Socket _socket;
    private byte[] _input = new byte[4096];

    private RemoteSocket(RemoteBusEndpoint endpoint, Socket socket)
    {
        _endpoint = endpoint;
        _socket = socket;
    }

    /// <summary>Tells one start of the board from the next: when it differs, the chips have lost their power in between.</summary>
    public long Session { get; private set; }

    /// <summary>Whether the other end has PWM channels. Servers from before they could be asked for say nothing of them.</summary>
    public bool ServesPwm { get; private set; }

    /// <exception cref="RemoteLinkException">Nobody serves there, or not this version.</exception>
    public static RemoteSocket Connect(RemoteBusEndpoint endpoint, RemoteFrame frame, RequestDeadline deadline)
    {
        Socket socket = Dial(endpoint, deadline);
        RemoteSocket connected = new(endpoint, socket);
        try
        {
            connected.Greet(frame, deadline);
            return connected;
        }
        catch
        {
            connected.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> bytes, RequestDeadline deadline)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                if (!_socket.Poll(deadline.Left, SelectMode.SelectWrite)) { throw RemoteLinkException.Silent(_endpoint, deadline.Limit); }

                bytes = bytes[_socket.Send(bytes)..];
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw RemoteLinkException.Lost(_endpoint, failure);
        }
    }

    /// <summary>The next frame without its length. Valid until the next call.</summary>
    /// <exception cref="RemoteLinkException">None came in time, or it is out of bounds.</exception>
    public ReadOnlySpan<byte> Receive(RequestDeadline deadline)
    {
        Fill(RemoteFrame.LengthBytes, deadline);
        int length = CheckedLength();
        Fill(length, deadline);
        return _input.AsSpan(0, length);
    }

    /// <summary>The next frame of a peer that speaks when something happens, however long that takes. Valid until the next call.</summary>
    /// <exception cref="RemoteLinkException">The connection was lost, or the frame is out of bounds.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> NextNewsAsync(CancellationToken cancellationToken)
    {
        await FillAsync(RemoteFrame.LengthBytes, cancellationToken);
        int length = CheckedLength();
        await FillAsync(length, cancellationToken);
        return _input.AsMemory(0, length);
    }

    public void Dispose() => _socket.Dispose();

    private static Socket Dial(RemoteBusEndpoint endpoint, RequestDeadline deadline)
    {
        Socket? socket = null;
        try
        {
            socket = endpoint.CreateSocket();
            using CancellationTokenSource limit = deadline.ToCancellation();
            socket.ConnectAsync(endpoint.Resolve(), limit.Token).AsTask().GetAwaiter().GetResult(); // the only connect of .NET that ends in time
            if (endpoint.UnixPath is null)
            {
                socket.NoDelay = true;
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            }

            return socket;
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            throw RemoteLinkException.Unreachable(endpoint, failure);
        }
        catch (OperationCanceledException)
        {
            socket?.Dispose();
            throw RemoteLinkException.Silent(endpoint, deadline.Limit);
        }
    }

    private void Greet(RemoteFrame frame, RequestDeadline deadline)
    {
        Send(frame.Begin(RemoteFrameKind.Hello, 0).Data("SNRB"u8).Word(Version).Bytes, deadline);
        RemoteAnswer answer = new(Receive(deadline), _endpoint);
        answer.RequireFor(RemoteFrameKind.Hello, 0);
        if (answer.Errno != 0) { throw RemoteLinkException.Refused(_endpoint, answer.Failure()); }

        int version = answer.Word();
        if (version != Version) { throw RemoteLinkException.Garbled(_endpoint, $"version {version}"); }

        Session = answer.Long();
        _ = answer.Long(); // its time
        answer.Skip(answer.Byte() * I2cBusLength);
        answer.Skip(answer.Byte() * SpiBusLength);
        _ = answer.Word(); // lines
        answer.Skip(answer.Byte()); // the GPIO chip's label
        ServesPwm = answer.Left > 0 && answer.Byte() > 0;
    }

    private int CheckedLength()
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_input);
        if (length is < RemoteFrame.HeadLength or > RemoteFrame.LongestLength)
        {
            throw RemoteLinkException.Garbled(_endpoint, $"a frame of {length} bytes");
        }

        if (_input.Length < length) { _input = new byte[length]; }

        return (int)length;
    }

    private void Fill(int count, RequestDeadline deadline)
    {
        try
        {
            for (int filled = 0; filled < count;)
            {
                if (!_socket.Poll(deadline.Left, SelectMode.SelectRead)) { throw RemoteLinkException.Silent(_endpoint, deadline.Limit); }

                int got = _socket.Receive(_input.AsSpan(filled, count - filled));
                filled += got > 0 ? got : throw RemoteLinkException.Lost(_endpoint);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw RemoteLinkException.Lost(_endpoint, failure);
        }
    }

    private async ValueTask FillAsync(int count, CancellationToken cancellationToken)
    {
        try
        {
            for (int filled = 0; filled < count;)
            {
                int got = await _socket.ReceiveAsync(_input.AsMemory(filled, count - filled), cancellationToken);
                filled += got > 0 ? got : throw RemoteLinkException.Lost(_endpoint);
            }
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            throw RemoteLinkException.Lost(_endpoint, failure);
        }
    }
}
