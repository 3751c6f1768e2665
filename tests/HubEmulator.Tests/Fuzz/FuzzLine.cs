using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>A connection to the hub as cheap as can be, because there are thousands: the certificate is compared with the authority's own, and the end is a reset.</summary>
internal sealed class FuzzLine : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream = Stream.Null;

    public static async Task<FuzzLine> OpenAsync(TestHub hub, int port, bool withTls, CancellationToken cancel)
    {
        var line = new FuzzLine();
        await line._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
        line._stream = new NetworkStream(line._socket);
        if (withTls)
        {
            var tls = new SslStream(line._stream);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = hub.Hub.HostName, CertificateChainPolicy = hub.Trust() }, cancel);
            line._stream = tls;
        }

        return line;
    }

    public ValueTask SendAsync(byte[] bytes, CancellationToken cancel) => _stream.WriteAsync(bytes, cancel);

    /// <returns>What has come next; empty at the end of the connection.</returns>
    public async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancel) => _buffer.AsMemory(0, await _stream.ReadAsync(_buffer, cancel));

    /// <summary>Ends the sending side and waits for the hub to end the other: a hub that hangs on an input is found here.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        _socket.Shutdown(SocketShutdown.Send);
        while (await _stream.ReadAsync(_buffer, cancel) > 0)
        {
        }
    }

    public void Dispose() => _socket.Dispose();
}
