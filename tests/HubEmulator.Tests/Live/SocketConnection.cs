using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;

namespace HubEmulator.Tests.Live;

/// <summary>A WebSocket to the HTTPS port that speaks raw MQTT bytes and trusts the hub's authority only.</summary>
internal sealed class SocketConnection : IAsyncDisposable
{
    public const string Path = "/$iothub/websocket";

    private readonly ClientWebSocket _socket;
    private readonly MemoryStream _unread = new();

    private SocketConnection(ClientWebSocket socket) => _socket = socket;

    /// <summary>The sub-protocol that the hub chose.</summary>
    public string? SubProtocol => _socket.SubProtocol;

    /// <summary>How the hub closed, once it has.</summary>
    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<SocketConnection> OpenAsync(TestHub hub, string target = Path, string? subProtocol = "mqtt", bool offerCompression = false, X509Certificate2? certificate = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => Validate(hub, certificate!, errors);
        socket.Options.DangerousDeflateOptions = offerCompression ? new WebSocketDeflateOptions() : null;
        if (certificate is not null)
        {
            socket.Options.ClientCertificates.Add(certificate);
        }

        if (subProtocol is not null)
        {
            socket.Options.AddSubProtocol(subProtocol);
        }

        try
        {
            await socket.ConnectAsync(new Uri($"wss://localhost:{hub.Hub.HttpsPort}{target}"), TestContext.Current.CancellationToken);
            return new SocketConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>True when the hub agreed to compression.</summary>
    public bool IsCompressed => _socket.HttpResponseHeaders!.ContainsKey("Sec-WebSocket-Extensions");

    public Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool endOfMessage = true) =>
        _socket.SendAsync(bytes, type, endOfMessage, TestContext.Current.CancellationToken);

    /// <summary>The next bytes, however the hub cut them into messages.</summary>
    public async Task<byte[]> ReceiveAsync(int length)
    {
        while (_unread.Length < length)
        {
            Assert.True(await TryReceiveMoreAsync(), $"the hub ended the connection after {_unread.Length} of {length} bytes");
        }

        byte[] all = _unread.ToArray();
        _unread.SetLength(0);
        _unread.Write(all.AsSpan(length));
        return all[..length];
    }

    /// <summary>What still comes until the hub ends the connection.</summary>
    public async Task<byte[]> ReceiveToEndAsync()
    {
        while (await TryReceiveMoreAsync())
        {
            // Until it ends.
        }

        return _unread.ToArray();
    }

    public Task CloseAsync() => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> TryReceiveMoreAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TestHub.Deadline);
        byte[] part = new byte[4096];
        try
        {
            WebSocketReceiveResult received = await _socket.ReceiveAsync(part, limit.Token);
            Assert.NotEqual(WebSocketMessageType.Text, received.MessageType);
            _unread.Write(part.AsSpan(0, received.Count));
            return received.MessageType != WebSocketMessageType.Close;
        }
        catch (WebSocketException)
        {
            return false; // dropped rather than closed; either is an end
        }
    }

    private static bool Validate(TestHub hub, X509Certificate presented, SslPolicyErrors errors)
    {
        using var chain = new X509Chain { ChainPolicy = hub.Trust() };
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(presented.GetRawCertData());
        return chain.Build(certificate) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
    }
}
