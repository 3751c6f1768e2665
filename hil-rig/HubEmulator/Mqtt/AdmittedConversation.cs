using System.Buffers;
using HubEmulator.Identity;
using HubEmulator.Methods;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>What a device may say once it is let in: telemetry, twin requests, method answers, subscriptions, acknowledgements, and goodbye.</summary>
internal sealed class AdmittedConversation(DeviceLink link, DeviceGateway gateway, Admission admission)
{
    /// <summary>Who was let in, and by what.</summary>
    public Admission Admission => admission;

    /// <summary>Handles a packet.</summary>
    /// <returns>None to go on, otherwise why the connection must end.</returns>
    public CloseReason Handle(MqttPacket packet)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                return Publish(publish);
            case MqttSubscribePacket subscribe:
                return Subscribe(subscribe, admission.Device);
            case MqttUnsubscribePacket unsubscribe:
                unsubscribe.TopicFilters.ForEach(filter => admission.Device.Session.Unsubscribe(link, filter));
                link.Send(new MqttUnsubAckPacket { PacketIdentifier = unsubscribe.PacketIdentifier });
                gateway.State.Touch(admission.Device.Id);
                return CloseReason.None;
            case MqttPingReqPacket:
                link.Send(MqttPingRespPacket.Instance);
                return CloseReason.None;
            case MqttPubAckPacket acknowledged: // for pushes at QoS 1, which are not stored, nothing waits
                gateway.Messages.Acknowledge(admission.Device, link, acknowledged.PacketIdentifier);
                return CloseReason.None;
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

        DeviceTopic topic = DeviceTopic.Parse(publish.Topic, admission.Device.Id);
        CloseReason outcome = topic.Kind switch
        {
            DeviceTopicKind.Events => TakeTelemetry(publish, topic),
            DeviceTopicKind.TwinGet or DeviceTopicKind.TwinReport when gateway.Faults.Strike(HubFaultKind.Throttle, admission.Device.Id, HubFaultTargets.Twin) is not null
                => gateway.Twins.AnswerThrottled(link, admission, topic),
            DeviceTopicKind.TwinGet => gateway.Twins.AnswerGet(link, admission, topic),
            DeviceTopicKind.TwinReport => gateway.Twins.AnswerReport(link, admission, topic, PayloadOf(publish).Span),
            DeviceTopicKind.MethodAnswer => TakeMethodAnswer(publish, topic),
            _ => CloseReason.ForbiddenTopic,
        };
        if (outcome == CloseReason.None && publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            link.Send(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier });
        }

        return outcome;
    }

    private CloseReason TakeTelemetry(MqttPublishPacket publish, DeviceTopic topic) =>
        gateway.Faults.Strike(HubFaultKind.Forget, admission.Device.Id, HubFaultTargets.None) is not null
        || gateway.Intake.TryTake(admission.Source, topic.Bag, PayloadOf(publish), FlagProperties.Of(publish))
            ? CloseReason.None
            : CloseReason.ForbiddenMessage;

    private CloseReason TakeMethodAnswer(MqttPublishPacket publish, DeviceTopic topic)
    {
        ReadOnlyMemory<byte> payload = PayloadOf(publish);
        if (payload.Length > MethodCalls.MostPayloadBytes)
        {
            return CloseReason.ForbiddenMessage;
        }

        gateway.Methods.Answer(admission.Device.Id, topic.RequestId, (int)topic.Number!.Value, payload);
        return CloseReason.None;
    }

    private CloseReason Subscribe(MqttSubscribePacket subscribe, Device device)
    {
        if (!subscribe.TopicFilters.TrueForAll(filter => DeviceFilter.IsAllowed(filter.Topic, device.Id)))
        {
            return CloseReason.ForbiddenFilter;
        }

        subscribe.TopicFilters.ForEach(filter => gateway.Messages.PrepareSubscription(device, link, filter.Topic));
        link.Send(new MqttSubAckPacket
        {
            PacketIdentifier = subscribe.PacketIdentifier,
            ReasonCodes = subscribe.TopicFilters.ConvertAll(
                filter => (MqttSubscribeReasonCode)device.Session.Subscribe(link, filter.Topic, filter.QualityOfServiceLevel)),
        });
        device.Session.AnnounceSubscriptions();
        gateway.Messages.Deliver(device);
        gateway.State.Touch(device.Id);
        return CloseReason.None;
    }

    private static ReadOnlyMemory<byte> PayloadOf(MqttPublishPacket publish) =>
        publish.Payload.IsSingleSegment ? publish.Payload.First : publish.Payload.ToArray();
}
