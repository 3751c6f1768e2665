using System.Buffers;
using System.Text;
using HubEmulator.Provisioning;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>
/// The protocol of a registering device's connection after its CONNECT: subscribe to the answers, register, poll. Nothing of it is stored.
/// Called by the link's reader only.
/// </summary>
internal sealed class ProvisioningConversation(DeviceLink link, RegistrationDesk desk, ProvisioningCaller caller)
{
    private MqttQualityOfServiceLevel? _granted; // null without the subscription: then answers go nowhere

    /// <summary>Handles a packet.</summary>
    /// <returns>None to go on, otherwise why the connection must end.</returns>
    public CloseReason Handle(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                return Publish(publish);
            case MqttSubscribePacket subscribe:
                return Subscribe(subscribe);
            case MqttUnsubscribePacket unsubscribe:
                _granted = unsubscribe.TopicFilters.Contains(ProvisioningTopic.AnswerFilter) ? null : _granted;
                link.Send(new MqttUnsubAckPacket { PacketIdentifier = unsubscribe.PacketIdentifier });
                return CloseReason.None;
            case MqttPingReqPacket:
                link.Send(MqttPingRespPacket.Instance);
                return CloseReason.None;
            case MqttPubAckPacket:
                return CloseReason.None; // answers are not stored, so nothing waits for it
            case MqttDisconnectPacket:
                return CloseReason.Disconnected;
            default:
                return CloseReason.MalformedPacket; // a second CONNECT among them
        }
    }

    private CloseReason Publish(MqttPublishPacket publish)
    {
        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce)
        {
            return CloseReason.ForbiddenQos;
        }

        var topic = ProvisioningTopic.Parse(publish.Topic);
        if (topic.Kind == ProvisioningTopicKind.None)
        {
            return CloseReason.ForbiddenTopic;
        }

        ProvisioningAnswer answer = topic.Kind == ProvisioningTopicKind.Register
            ? desk.Register(caller, publish.Payload.ToArray())
            : desk.Poll(caller, topic.OperationId);
        if (_granted is { } granted)
        {
            link.Publish(ProvisioningTopic.Answer(answer.Status, topic.RequestId, answer.RetryAfterSeconds), Encoding.UTF8.GetBytes(answer.Body.ToJsonString()), granted == MqttQualityOfServiceLevel.AtLeastOnce);
        }

        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            link.Send(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier });
        }

        return CloseReason.None;
    }

    private CloseReason Subscribe(MqttSubscribePacket subscribe)
    {
        if (!subscribe.TopicFilters.TrueForAll(filter => filter.Topic == ProvisioningTopic.AnswerFilter))
        {
            return CloseReason.ForbiddenFilter;
        }

        List<MqttQualityOfServiceLevel> granted = subscribe.TopicFilters.ConvertAll(
            filter => filter.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtMostOnce ? MqttQualityOfServiceLevel.AtMostOnce : MqttQualityOfServiceLevel.AtLeastOnce);
        _granted = granted[^1];
        link.Send(new MqttSubAckPacket { PacketIdentifier = subscribe.PacketIdentifier, ReasonCodes = granted.ConvertAll(quality => (MqttSubscribeReasonCode)quality) });
        return CloseReason.None;
    }
}
