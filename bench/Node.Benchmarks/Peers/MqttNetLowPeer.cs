using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.LowLevelClient;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Node.Benchmarks.Peers;

/// <summary>MQTTnet's low-level client: packets in, packets out, a sender and a receiver side by side.</summary>
internal sealed class MqttNetLowPeer(int port, string rootPem) : IPeer
{
    private readonly ILowLevelMqttClient _client = new MqttClientFactory().CreateLowLevelMqttClient();

    public string Name => "MQTTnet low";

    public void Connect() => ConnectAsync().GetAwaiter().GetResult();

    public void Send(int messages, int window) => SendAsync(messages, window).GetAwaiter().GetResult();

    public void Dispose() => _client.Dispose();

    internal static MqttClientOptions Options(int port, string rootPem)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(rootPem);
        return new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithClientId(Traffic.DeviceId)
            .WithProtocolVersion(MqttProtocolVersion.V311)
            .WithoutPacketFragmentation()
            .WithTlsOptions(tls => tls.UseTls().WithTargetHost("hub.localhost").WithTrustChain(roots).WithRevocationMode(X509RevocationMode.NoCheck))
            .Build();
    }

    private async Task ConnectAsync()
    {
        await _client.ConnectAsync(Options(port, rootPem), CancellationToken.None);
        await _client.SendAsync(new MqttConnectPacket { ClientId = Traffic.DeviceId, CleanSession = true, KeepAlivePeriod = 240 }, CancellationToken.None);
        await _client.ReceiveAsync(CancellationToken.None);
    }

    private async Task SendAsync(int messages, int window)
    {
        using var free = new SemaphoreSlim(window);
        Task receiving = ReceiveAsync(messages, free);
        ushort id = 0;
        for (int sent = 0; sent < messages; sent++)
        {
            await free.WaitAsync();
            id = id == ushort.MaxValue ? (ushort)1 : (ushort)(id + 1);
            var packet = new MqttPublishPacket
            {
                Topic = Traffic.Topic,
                Payload = new System.Buffers.ReadOnlySequence<byte>(Traffic.Payload),
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                PacketIdentifier = id,
            };
            await _client.SendAsync(packet, CancellationToken.None);
        }

        await receiving;
    }

    private async Task ReceiveAsync(int messages, SemaphoreSlim free)
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
}
