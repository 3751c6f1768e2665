using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>A TLS peer on loopback that answers each CONNECT with the bytes it was given, in two pieces, and hangs up.</summary>
internal sealed class ScriptedPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext _context;
    private readonly Task _serving;

    public ScriptedPeer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=peer.localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("peer.localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        _certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        _context = SslStreamCertificateContext.Create(_certificate, additionalCertificates: null, offline: true);
        RootPem = made.ExportCertificatePem();
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string RootPem { get; }

    /// <summary>What the next connection gets.</summary>
    public byte[] Script { get; set; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        byte[] buffer = new byte[4_096];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true;
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _context }, _stop.Token);
                await tls.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, _stop.Token);
                byte[] script = Script;
                await tls.WriteAsync(script.AsMemory(0, script.Length / 2), _stop.Token);
                await tls.WriteAsync(script.AsMemory(script.Length / 2), _stop.Token);
                await tls.ShutdownAsync();
            }
            catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException or OperationCanceledException or AuthenticationException)
            {
                continue; // The client had enough; the next one comes.
            }
        }
    }
}
