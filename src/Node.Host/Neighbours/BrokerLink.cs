using System.Net.Sockets;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using Node.Host.Configuration;

namespace Node.Host.Neighbours;

/// <summary>
/// A connection to a local MQTT broker that only publishes: MQTT 3.1.1, QoS 0, a clean session, a keep-alive only beside a last will. MQTTnet's codec writes the packets; its
/// client, with all that a subscriber needs, would make the program a sixtieth larger.
/// </summary>
internal sealed class BrokerLink : IDisposable
{
    private const int ConnAckBytes = 4;
    private const byte ConnAckType = 0x20;

    private static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromMinutes(1);

    private static readonly string[] Refusals = ["", "unacceptable protocol version", "identifier rejected", "server unavailable", "bad user name or password", "not authorized"];

    private readonly MqttPacketFormatterAdapter _codec = new(MqttProtocolVersion.V311, new MqttBufferWriter(1024, 64 * 1024));
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Whether the broker has not closed it yet, as far as is known.</summary>
    public bool IsOpen => _socket.Connected && !_socket.Poll(TimeSpan.Zero, SelectMode.SelectRead); // A broker has nothing to say to who only publishes, but farewell.

    /// <summary>Connects.</summary>
    /// <param name="options">Where, as whom, and how often it will be published to.</param>
    /// <param name="clientId">Unique at the broker.</param>
    /// <param name="will">What the broker publishes when the connection ends without a farewell, or nothing came for three of the intervals; null for nothing.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="SocketException">Nobody listens there, or the name is unknown.</exception>
    /// <exception cref="IOException">The broker refuses; the text says why.</exception>
    public async Task OpenAsync(NeighbourOptions options, string clientId, LocalMessage? will, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(options.MqttHost!, options.MqttPort, cancellationToken);
        await SendAsync(
            new MqttConnectPacket
            {
                ClientId = clientId,
                CleanSession = true,
                Username = options.MqttUserName,
                Password = options.MqttPassword is { } password ? Encoding.UTF8.GetBytes(password) : null,
                KeepAlivePeriod = will is null ? (ushort)0 : (ushort)Math.Max(2 * options.Interval.TotalSeconds, ShortestKeepAlive.TotalSeconds), // A broker waits half as long again.
                WillFlag = will is not null,
                WillTopic = will?.Topic,
                WillMessage = will?.Payload,
                WillRetain = will?.Retain ?? false,
            },
            cancellationToken);
        byte[] answer = new byte[ConnAckBytes];
        for (int read = 0; read < ConnAckBytes;)
        {
            int count = await _socket.ReceiveAsync(answer.AsMemory(read), cancellationToken);
            read += count > 0 ? count : throw new IOException("the broker closes the connection");
        }

        if (answer[0] != ConnAckType || answer[3] != 0)
        {
            throw new IOException(answer[0] == ConnAckType && answer[3] < Refusals.Length ? $"the broker answers '{Refusals[answer[3]]}'" : "what answers is no MQTT 3.1.1 broker");
        }
    }

    /// <summary>Publishes; no answer is waited for.</summary>
    /// <exception cref="SocketException">The connection is lost.</exception>
    public Task PublishAsync(LocalMessage message, CancellationToken cancellationToken) =>
        SendAsync(new MqttPublishPacket { Topic = message.Topic, PayloadSegment = message.Payload, Retain = message.Retain }, cancellationToken);

    /// <summary>Says farewell.</summary>
    /// <exception cref="SocketException">The connection is lost.</exception>
    public Task CloseAsync(CancellationToken cancellationToken) => SendAsync(new MqttDisconnectPacket(), cancellationToken);

    /// <summary>Closes it without a farewell.</summary>
    public void Dispose() => _socket.Dispose();

    private async Task SendAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = _codec.Encode(packet).ToArray();
        _codec.Cleanup();
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancellationToken)..];
        }
    }
}
