using BenchmarkDotNet.Attributes;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Node.Benchmarks.Peers;
using Node.HubClient.Protocol;

namespace Node.Benchmarks.Micro;

/// <summary>Writing one PUBLISH: the client's own codec against MQTTnet's.</summary>
[MemoryDiagnoser]
public class PublishEncoding
{
    private static readonly byte[] TopicBytes = System.Text.Encoding.ASCII.GetBytes(Traffic.Topic);
    private readonly MqttPacketFormatterAdapter _mqttNet = new(MqttProtocolVersion.V311, new MqttBufferWriter(4096, 65535));

    /// <summary>MQTTnet: packet object and formatter.</summary>
    [Benchmark(Baseline = true)]
    public int MqttNet()
    {
        var packet = new MqttPublishPacket
        {
            Topic = Traffic.Topic,
            Payload = new System.Buffers.ReadOnlySequence<byte>(Traffic.Payload),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            PacketIdentifier = 7,
        };
        int length = _mqttNet.Encode(packet).Length;
        _mqttNet.Cleanup();
        return length;
    }

    /// <summary>The client: one array, which it keeps until the confirmation.</summary>
    [Benchmark]
    public int Own() => PublishPacket.EncodeQosOne(TopicBytes, Traffic.Payload, out _)!.Length;
}
