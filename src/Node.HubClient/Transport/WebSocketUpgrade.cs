using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace Node.HubClient.Transport;

/// <summary>
/// Turns a TLS stream into MQTT over WebSocket (RFC 6455 section 4.1): request target <c>/$iothub/websocket</c>, sub-protocol <c>mqtt</c>.
/// The frames are the platform's; this is the handshake alone.
/// </summary>
internal sealed class WebSocketUpgrade
{
    private const string SubProtocol = "mqtt";
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3

    private readonly Stream _stream;
    private readonly string _host;
    private readonly string _key;
    private readonly HttpHandshake _handshake;

    /// <summary>Sends the request.</summary>
    /// <exception cref="IOException">The stream failed.</exception>
    public WebSocketUpgrade(Stream stream, LinkEndpoint endpoint)
    {
        _stream = stream;
        _host = endpoint.Port == 443 ? endpoint.UrlHost : endpoint.Authority;
        _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        _handshake = new HttpHandshake(stream, Encoding.ASCII.GetBytes(
            $"GET /$iothub/websocket HTTP/1.1\r\nHost: {_host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            $"Sec-WebSocket-Key: {_key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {SubProtocol}\r\n\r\n"));
    }

    /// <summary>One step. The stream of MQTT bytes when the server has agreed, else null.</summary>
    /// <exception cref="IOException">The server refused, or its answer does not fit the request.</exception>
    public Stream? Poll()
    {
        if (_handshake.Poll() is not { } head)
        {
            return null;
        }

        string? fault = head.Status != 101 ? $"status {head.Status} instead of 101"
            : !head.Says("Upgrade", "websocket") || !head.Says("Connection", "Upgrade") ? "the answer upgrades to something else"
            : head.Header("Sec-WebSocket-Accept") != Accept(_key) ? "Sec-WebSocket-Accept does not fit"
            : !SubProtocol.Equals(head.Header("Sec-WebSocket-Protocol"), StringComparison.OrdinalIgnoreCase) ? "the sub-protocol mqtt is missing"
            : head.Header("Sec-WebSocket-Extensions") is not null ? "an extension that was not offered"
            : null;
        if (fault is not null)
        {
            throw new IOException($"{_host} refused the WebSocket: {fault}");
        }

        // No keep-alive of its own: MQTT has one, and a timer would run outside the caller's turns.
        var socket = WebSocket.CreateFromStream(_stream, new WebSocketCreationOptions { SubProtocol = SubProtocol, KeepAliveInterval = TimeSpan.Zero });
        return WebSocketStream.Create(socket, WebSocketMessageType.Binary);
    }

    /// <summary>Consumes a read that ended with the stream.</summary>
    public void Observe() => _handshake.Observe();

    /// <summary>What a server must answer to a key.</summary>
#pragma warning disable CA5350 // SHA-1 is what RFC 6455 section 4.2.2 asks for; it guards against caches, not against attackers.
    internal static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + KeySuffix)));
#pragma warning restore CA5350
}
