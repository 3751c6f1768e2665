using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Node.HubClient.Tests.Support;

/// <summary>An HTTPS server on loopback that answers each request with the next of its scripted texts; null closes instead.</summary>
internal sealed class LoopbackHttps : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _accepting;

    public LoopbackHttps()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hub.localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("hub.localhost");
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

    public int Connections { get; private set; }

    public List<string> Requests { get; } = [];

    public Queue<string?> Answers { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
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
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(_certificate);
                await ServeAsync(tls);
            }
            catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                Requests.Add("(closed)");
            }
        }
    }

    private async Task ServeAsync(SslStream tls)
    {
        while (await ReadAsync(tls) is { } request)
        {
            Requests.Add(request);
            if (!Answers.TryDequeue(out string? answer))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
            }

            if (answer is null)
            {
                return;
            }

            await tls.WriteAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
        }
    }

    private async Task<string?> ReadAsync(SslStream tls)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await tls.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        int length = int.Parse(head.ToString().Split("Content-Length: ")[1].Split("\r\n")[0], System.Globalization.CultureInfo.InvariantCulture);
        var body = new byte[length];
        await tls.ReadExactlyAsync(body, _stop.Token);
        return $"{head.ToString().Split("\r\n")[0]} +{length}";
    }
}
