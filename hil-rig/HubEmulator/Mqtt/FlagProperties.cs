using MQTTnet.Packets;

namespace HubEmulator.Mqtt;

/// <summary>Flags of a packet that the service turns into application properties: nothing is retained, and a repeat is taken again.</summary>
internal static class FlagProperties
{
    private static readonly KeyValuePair<string, string?> Retain = new("mqtt-retain", "true");
    private static readonly KeyValuePair<string, string?> Dup = new("mqtt-dup", "true");
    private static readonly KeyValuePair<string, string?> Will = new("iothub-MessageType", "Will");

    public static KeyValuePair<string, string?>[] Of(MqttPublishPacket publish) => (publish.Retain, publish.Dup) switch
    {
        (false, false) => [],
        (true, false) => [Retain],
        (false, true) => [Dup],
        (true, true) => [Retain, Dup],
    };

    public static KeyValuePair<string, string?>[] OfWill(MqttConnectPacket connect) => connect.WillRetain ? [Will, Retain] : [Will];
}
