using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Node.Host.Tests.TestKit;

/// <summary>A server on a free loopback port that answers every request with what the test gives, 200 and OK by default, over TLS with a certificate or without.</summary>
internal sealed class LoopbackHttp : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2? _certificate;
    private readonly DateTimeOffset? _date;
    private readonly string _status;
    private readonly string _body;
    private Task _serving = Task.CompletedTask;

    private LoopbackHttp(X509Certificate2? certificate, DateTimeOffset? date, string status, string body)
    {
        _certificate = certificate;
        _date = date;
        _status = status;
        _body = body;
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://127.0.0.1:{Port}";

    public static Task<LoopbackHttp> StartAsync(X509Certificate2? certificate = null, DateTimeOffset? date = null, string status = "200 OK", string body = "OK")
    {
        var server = new LoopbackHttp(certificate, date, status, body);
        server._serving = server.ServeAsync();
        return Task.FromResult(server);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await AnswerAsync(client);
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException or SocketException or ObjectDisposedException
                or System.Security.Authentication.AuthenticationException)
            {
                continue; // A client that only shakes hands, or distrusts, is none of the server's business.
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        Stream stream = client.GetStream();
        if (_certificate is not null)
        {
            var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            stream = tls;
        }

        byte[] request = new byte[4096];
        if (await stream.ReadAsync(request, _stop.Token) > 0)
        {
            string date = _date is { } given ? $"Date: {given.UtcDateTime.ToString("R", CultureInfo.InvariantCulture)}\r\n" : "";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {_status}\r\n{date}Content-Length: {_body.Length}\r\nConnection: close\r\n\r\n{_body}"), _stop.Token);
        }
    }
}
