using System.Buffers;

namespace HubEmulator.Mqtt;

/// <summary>One MQTT control packet, undecoded: the first byte of its fixed header and what follows the remaining length.</summary>
internal readonly record struct MqttFrame(byte Header, ReadOnlySequence<byte> Body)
{
    public const int Connect = 1;
    public const int Publish = 3;
    public const int PubAck = 4;
    public const int Subscribe = 8;
    public const int Unsubscribe = 10;
    public const int PingReq = 12;
    public const int Disconnect = 14;

    public int Type => Header >> 4;
}
