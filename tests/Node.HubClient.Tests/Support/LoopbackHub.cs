using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Node.HubClient.Tests.Support;

/// <summary>The least a hub can be: TLS on loopback, CONNACK, SUBACK, PUBACK and PINGRESP, written by hand for these tests.</summary>
internal sealed class LoopbackHub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;
    private TcpClient? _client;

    public LoopbackHub(string subject = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(subject);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        RootPem = made.ExportCertificatePem();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string RootPem { get; }

    public byte ConnackCode { get; init; }

    public bool Silent { get; set; }

    /// <summary>Receive buffer of its socket; 0 for the system's choice.</summary>
    public int ReceiveBufferBytes { get; init; }

    /// <summary>Answer to a WebSocket upgrade; null for a hub that speaks MQTT at once. <c>{accept}</c> becomes the answer to the key.</summary>
    public string? UpgradeAnswer { get; init; }

    public string UpgradeRequest { get; private set; } = "";

    public X509Certificate? ClientCertificate { get; private set; }

    /// <summary>Thumbprints of what the client showed along with its certificate.</summary>
    public string[] ClientAuthorities { get; private set; } = [];

    public byte ConnectFlags { get; private set; }

    public int Received { get; private set; }

    public List<string> Topics { get; } = [];

    public void Cut() => _client?.Client.Close(0);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _client.NoDelay = true;
                if (ReceiveBufferBytes > 0)
                {
                    _client.ReceiveBufferSize = ReceiveBufferBytes;
                }

                await using var tls = new SslStream(_client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
                {
                    ServerCertificate = _certificate,
                    ClientCertificateRequired = true,
                    RemoteCertificateValidationCallback = (_, shown, chain, _) =>
                    {
                        ClientCertificate = shown;
                        ClientAuthorities = [.. chain?.ChainPolicy.ExtraStore.Where(sent => sent.Thumbprint != shown?.GetCertHashString()).Select(sent => sent.Thumbprint) ?? []];
                        return shown is null || shown.Subject == "CN=dev1"; // this hub's one device
                    },
                });
                await ServeAsync(UpgradeAnswer is null ? tls : await UpgradeAsync(tls, UpgradeAnswer));
            }
            catch (Exception over) when (over is IOException or SocketException or WebSocketException or ObjectDisposedException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                Topics.Add("(closed)");
            }
        }
    }

    private async Task<Stream> UpgradeAsync(Stream tls, string answer)
    {
        var received = new byte[4_096];
        int length = 0;
        while (!received.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            int read = await tls.ReadAsync(received.AsMemory(length), _stop.Token);
            length += read > 0 ? read : throw new IOException("closed before the upgrade");
        }

        UpgradeRequest = Encoding.ASCII.GetString(received, 0, length);
        string key = UpgradeRequest.Split("Sec-WebSocket-Key: ")[1].Split("\r\n")[0];
#pragma warning disable CA5350 // RFC 6455 asks for SHA-1.
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await tls.WriteAsync(Encoding.ASCII.GetBytes(answer.Replace("{accept}", accept, StringComparison.Ordinal)), _stop.Token);
        return WebSocketStream.Create(WebSocket.CreateFromStream(tls, new WebSocketCreationOptions { IsServer = true, SubProtocol = "mqtt" }), WebSocketMessageType.Binary);
    }

    private async Task ServeAsync(Stream tls)
    {
        byte[] buffer = new byte[1 << 20];
        var answers = new MemoryStream();
        int filled = 0;
        while (true)
        {
            int read = await tls.ReadAsync(buffer.AsMemory(filled), _stop.Token);
            if (read == 0)
            {
                return;
            }

            filled += read;
            int used = 0;
            while (TryCut(buffer.AsSpan(used, filled - used), out int body, out int total))
            {
                Answer(buffer.AsSpan(used, total), body, answers);
                used += total;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (!Silent && answers.Length > 0)
            {
                await tls.WriteAsync(answers.GetBuffer().AsMemory(0, (int)answers.Length), _stop.Token);
            }

            answers.SetLength(0);
        }
    }

    private void Answer(ReadOnlySpan<byte> packet, int body, MemoryStream answers)
    {
        switch (packet[0] >> 4)
        {
            case 1:
                ConnectFlags = packet[body + 7];
                answers.Write([0x20, 2, 0, ConnackCode]);
                break;
            case 3:
                Received++;
                int length = BinaryPrimitives.ReadUInt16BigEndian(packet[body..]);
                if (Topics.Count < 10)
                {
                    Topics.Add(Encoding.UTF8.GetString(packet.Slice(body + 2, length)));
                }

                if ((packet[0] & 6) != 0)
                {
                    answers.Write([0x40, 2, packet[body + 2 + length], packet[body + 3 + length]]);
                }

                break;
            case 8:
                int filters = 0;
                for (int at = body + 2; at < packet.Length; at += 3 + BinaryPrimitives.ReadUInt16BigEndian(packet[at..]))
                {
                    filters++;
                }

                answers.Write([0x90, (byte)(2 + filters), packet[body], packet[body + 1], .. new byte[filters]]);
                break;
            case 12:
                answers.Write([0xD0, 0]);
                break;
        }
    }

    private static bool TryCut(ReadOnlySpan<byte> buffer, out int body, out int total)
    {
        int remaining = 0;
        total = 0;
        body = 1;
        while (body < buffer.Length)
        {
            byte part = buffer[body];
            remaining |= (part & 0x7F) << (7 * (body - 1));
            body++;
            if ((part & 0x80) == 0)
            {
                total = body + remaining;
                return total <= buffer.Length;
            }
        }

        return false;
    }
}
