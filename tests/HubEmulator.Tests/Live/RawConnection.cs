using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace HubEmulator.Tests.Live;

/// <summary>A TLS connection to the MQTT port without a client on it.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private SslStream _stream = null!;

    /// <param name="hub">The hub.</param>
    /// <param name="certificates">The client's certificate and what it sends along; null for none.</param>
    public static async Task<RawConnection> OpenAsync(TestHub hub, X509Certificate2Collection? certificates = null)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync("127.0.0.1", hub.Hub.MqttPort, TestContext.Current.CancellationToken);
        connection._stream = new SslStream(connection._client.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = hub.Hub.HostName,
            CertificateChainPolicy = hub.Trust(),
            ClientCertificateContext = certificates is null ? null : SslStreamCertificateContext.Create(certificates[0], [.. certificates.Skip(1)], offline: true),
        };
        await connection._stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return connection;
    }

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();

    public async Task<byte[]> ReceiveAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        return bytes;
    }

    /// <summary>The next whole packet: its first byte, and what follows the length.</summary>
    public async Task<(byte Header, byte[] Body)> ReceivePacketAsync()
    {
        byte header = (await ReceiveAsync(1))[0];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = (await ReceiveAsync(1))[0];
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return (header, await ReceiveAsync(length));
            }
        }
    }

    /// <summary>The next packet, which must be a publish.</summary>
    public async Task<ReceivedPublish> ReceivePublishAsync()
    {
        (byte header, byte[] body) = await ReceivePacketAsync();
        return ReceivedPublish.Read(header, body);
    }

    /// <summary>What still comes until the hub ends the connection.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        using var rest = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(rest, TestContext.Current.CancellationToken).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Dropped rather than closed; either is an end.
        }

        return rest.ToArray();
    }

    /// <summary>The same, where the hub must not drop the connection.</summary>
    /// <exception cref="IOException">The connection was reset.</exception>
    public async Task<byte[]> ReceiveToEndOfStreamAsync()
    {
        using var rest = new MemoryStream();
        await _stream.CopyToAsync(rest, TestContext.Current.CancellationToken).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        return rest.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}
