using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.LowLevelClient;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Peers;

/// <summary>MQTTnet's low-level client: packets in, packets out, a sender and a receiver side by side.</summary>
internal sealed class MqttNetLowPeer(Endpoint endpoint, string deviceId, int bufferBytes) : IPeer
{
    private readonly ILowLevelMqttClient _client = new MqttClientFactory().CreateLowLevelMqttClient();
    private ushort _lastId;

    public void Connect() => ConnectAsync().GetAwaiter().GetResult();

    public void Send(int messages, int window) => SendAsync(messages, window).GetAwaiter().GetResult();

    public void SendOneByOne(long[] ticks) => SendOneByOneAsync(ticks).GetAwaiter().GetResult();

    public void Receive(int messages) => ReceiveAsync(messages).GetAwaiter().GetResult();

    public void Dispose() => _client.Dispose();

    internal static MqttClientOptions Options(Endpoint endpoint, string deviceId, int bufferBytes)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(endpoint.RootPem);
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", endpoint.Port)
            .WithClientId(deviceId)
            .WithProtocolVersion(MqttProtocolVersion.V311)
            .WithoutPacketFragmentation()
            .WithTlsOptions(tls => tls.UseTls().WithTargetHost(Endpoint.HostName).WithTrustChain(roots).WithRevocationMode(X509RevocationMode.NoCheck))
            .Build();
        ((MqttClientTcpOptions)options.ChannelOptions).BufferSize = bufferBytes;
        return options;
    }

    private async Task ConnectAsync()
    {
        await _client.ConnectAsync(Options(endpoint, deviceId, bufferBytes), CancellationToken.None);
        await _client.SendAsync(new MqttConnectPacket { ClientId = deviceId, CleanSession = true, KeepAlivePeriod = 240 }, CancellationToken.None);
        await _client.ReceiveAsync(CancellationToken.None);
    }

    private async Task SendAsync(int messages, int window)
    {
        using var free = new SemaphoreSlim(window);
        Task receiving = TakeAcknowledgementsAsync(messages, free);
        for (int sent = 0; sent < messages; sent++)
        {
            await free.WaitAsync();
            await PublishAsync();
        }

        await receiving;
    }

    private async Task TakeAcknowledgementsAsync(int messages, SemaphoreSlim free)
    {
        for (int acknowledged = 0; acknowledged < messages;)
        {
            if (await _client.ReceiveAsync(CancellationToken.None) is MqttPubAckPacket)
            {
                acknowledged++;
                free.Release();
            }
        }
    }

    private async Task SendOneByOneAsync(long[] ticks)
    {
        for (int message = 0; message < ticks.Length; message++)
        {
            long start = TimeProvider.System.GetTimestamp();
            await PublishAsync();
            await _client.ReceiveAsync(CancellationToken.None);
            ticks[message] = TimeProvider.System.GetTimestamp() - start;
        }
    }

    private async Task ReceiveAsync(int messages)
    {
        var subscribe = new MqttSubscribePacket { PacketIdentifier = 1 };
        subscribe.TopicFilters.Add(new MqttTopicFilter { Topic = $"devices/{deviceId}/messages/devicebound/#", QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
        await _client.SendAsync(subscribe, CancellationToken.None);
        for (int received = 0; received < messages;)
        {
            if (await _client.ReceiveAsync(CancellationToken.None) is MqttPublishPacket published)
            {
                received++;
                await _client.SendAsync(new MqttPubAckPacket { PacketIdentifier = published.PacketIdentifier }, CancellationToken.None);
            }
        }
    }

    private Task PublishAsync()
    {
        _lastId = _lastId == ushort.MaxValue ? (ushort)1 : (ushort)(_lastId + 1);
        var packet = new MqttPublishPacket
        {
            Topic = Traffic.Topic,
            Payload = new ReadOnlySequence<byte>(Traffic.Payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            PacketIdentifier = _lastId,
        };
        return _client.SendAsync(packet, CancellationToken.None);
    }
}
