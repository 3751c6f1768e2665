using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Hub.Benchmarks;

/// <summary>
/// A device with as little as it takes: a CONNECT, prebuilt publishes at QoS 1, and a loop that counts acknowledgements. It subscribes to nothing, so
/// that nothing else comes but answers of four bytes.
/// </summary>
internal sealed class LightDevice : IDisposable
{
    private const int Slots = 1 << 16;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly long[] _sentAt = new long[256]; // by packet identifier; a window is never that wide
    private readonly byte[] _packet;
    private readonly int _identifierAt;
    private readonly byte[] _received = new byte[256];
    private readonly SemaphoreSlim _window;
    private readonly LoadFigures _figures;
    private readonly TimeProvider _clock;
    private SslStream _stream = null!;
    private int _identifier;
    private int _partial;
    private long _acknowledged;

    public LightDevice(string id, int window, LoadFigures figures, TimeProvider clock)
    {
        Id = id;
        _figures = figures;
        _clock = clock;
        _window = new SemaphoreSlim(window, window);
        byte[] topic = Encoding.UTF8.GetBytes($"devices/{id}/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8&site=lab");
        byte[] body = Encoding.UTF8.GetBytes("""{"temperature":21.53,"humidity":40.1,"pressure":100123,"sequence":123456}""");
        int length = 2 + topic.Length + 2 + body.Length;
        _packet = [0x32, (byte)((length & 0x7F) | 0x80), (byte)(length >> 7), (byte)(topic.Length >> 8), (byte)topic.Length, .. topic, 0, 0, .. body];
        _identifierAt = 5 + topic.Length;
    }

    public string Id { get; }

    public async Task ConnectAsync(HubAddress hub, string hostName, string token, RemoteCertificateValidationCallback trust, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, hub.MqttPort), cancellationToken);
        _stream = new SslStream(new NetworkStream(_socket));
        await _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = hostName, RemoteCertificateValidationCallback = trust }, cancellationToken);
        byte[] body = [.. Text("MQTT"), 4, 0xC0, 4, 0xB0, .. Text(Id), .. Text($"{hostName}/{Id}/?api-version=2021-04-12"), .. Text(token)]; // keep-alive 1200 s, session kept
        await _stream.WriteAsync((byte[])[0x10, (byte)((body.Length & 0x7F) | 0x80), (byte)(body.Length >> 7), .. body], cancellationToken);
        byte[] answer = new byte[4];
        await _stream.ReadExactlyAsync(answer, cancellationToken);
        if (answer[0] != 0x20 || answer[3] != 0)
        {
            throw new IOException($"The hub refused {Id} with return code {answer[3]}.");
        }

        _ = CountAsync(cancellationToken);
    }

    /// <summary>Sends one message once the window has room.</summary>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _window.WaitAsync(cancellationToken);
        _identifier = (_identifier % (Slots - 1)) + 1;
        BinaryPrimitives.WriteUInt16BigEndian(_packet.AsSpan(_identifierAt), (ushort)_identifier);
        _sentAt[_identifier & 0xFF] = _clock.GetTimestamp();
        await _stream.WriteAsync(_packet, cancellationToken);
        _figures.CountSent();
    }

    public void Dispose()
    {
        _socket.Dispose(); // the stream would wait for a goodbye of TLS, five thousand times
        _window.Dispose();
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _stream.ReadAsync(_received.AsMemory(_partial), cancellationToken) is var count && count > 0)
            {
                int whole = (_partial + count) / 4;
                for (int index = 0; index < whole; index++)
                {
                    Take(_received.AsSpan(index * 4, 4));
                }

                _partial = _partial + count - (whole * 4);
                _received.AsSpan(whole * 4, _partial).CopyTo(_received);
                _window.Release(whole);
            }

            _figures.CountLost();
        }
        catch (Exception ended) when (ended is IOException or ObjectDisposedException or OperationCanceledException)
        {
            if (!cancellationToken.IsCancellationRequested && ended is IOException)
            {
                _figures.CountLost();
            }
        }
    }

    /// <summary>Acknowledgements must come for each message in its order, or the run is worth nothing.</summary>
    private void Take(ReadOnlySpan<byte> packet)
    {
        int identifier = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        int expected = (int)(_acknowledged++ % (Slots - 1)) + 1;
        if (packet[0] != 0x40 || packet[1] != 2 || identifier != expected)
        {
            throw new InvalidOperationException($"{Id} got {Convert.ToHexString(packet)} where the acknowledgement of {expected} was due.");
        }

        _figures.CountAcknowledged(_clock.GetElapsedTime(_sentAt[identifier & 0xFF]));
    }

    private static byte[] Text(string text) => [(byte)(text.Length >> 8), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
