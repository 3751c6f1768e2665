using System.Runtime.CompilerServices;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Dialect;

/// <summary>
/// What one generation of the service speaks: its topics and bodies, and what it keeps between connections. Everything above (the session, the features) knows
/// requests, answers and pushes; only here are they topics. This is today's hub, over MQTT 3.1.1; the next generation (MQTT 5) is another class beside it, and
/// then an interface over both (docs/decisions/0005).
/// </summary>
#pragma warning disable CA1822 // Members without state are members all the same: the next generation's class will have some.
internal sealed class HubDialect(HubIdentity identity)
{
    private readonly C2dTopic _messages = new(identity.DeviceId);

    private readonly (Filters Kind, TopicFilter Filter)[] _filters =
    [
        (Filters.Messages, new(new C2dTopic(identity.DeviceId).Filter, 1)),
        (Filters.TwinAnswers, new(TwinTopic.ResponseFilter, 0)),
        (Filters.DesiredPatches, new(TwinTopic.DesiredFilter, 0)),
        (Filters.Methods, new(MethodTopic.Filter, 0)),
    ];

    /// <summary>How telemetry is named and marked.</summary>
    public TelemetryTopic Telemetry { get; } = new(identity.TopicPath, encode: true);

    /// <summary>Who the connection is for, for messages to people.</summary>
    public string ClientId => identity.ClientId;

    /// <summary>The topic filters of a set, in the reference's order.</summary>
    public IReadOnlyList<TopicFilter> TopicFilters(Filters filters) => [.. _filters.Where(known => (known.Kind & filters) != 0).Select(known => known.Filter)];

    /// <summary>How a connection begins. The hub keeps messages and subscriptions between connections, so the session is never clean.</summary>
    public ConnectRequest Connect(string userName, string? password, int keepAliveSeconds, ShownCertificate? certificate) =>
        new(identity.ClientId, userName, password, (ushort)keepAliveSeconds, certificate) { CleanSession = false };

    /// <summary>A telemetry message, without its packet id; null when its properties do not fit a topic or would break it. Any thread.</summary>
    /// <param name="message">The message.</param>
    /// <param name="clock">For diagnostic properties.</param>
    /// <param name="packetIdOffset">Where the packet id belongs.</param>
    /// <param name="fault">Why it is null.</param>
    [SkipLocalsInit] // Only what was written to the scratch is read.
    public byte[]? EncodeTelemetry(TelemetryMessage message, TimeProvider clock, out int packetIdOffset, out IotHubClientResult fault)
    {
        fault = IotHubClientResult.InvalidSize;
        var topic = new Utf8Builder(stackalloc byte[512]);
        Telemetry.Build(message, clock, ref topic);
        byte[]? packet = null;
        packetIdOffset = 0;
        if (Telemetry.Breaks(topic.Written))
        {
            fault = IotHubClientResult.InvalidArg;
        }
        else
        {
            packet = PublishPacket.EncodeQosOne(topic.Written, message.Body.Span, out packetIdOffset);
        }

        topic.Dispose();
        return packet;
    }

    /// <summary>A request for the whole twin.</summary>
    public byte[] ReadTwin(int requestId) => PublishPacket.EncodeQosZero(TwinTopic.Get(requestId), [])!;

    /// <summary>A patch of the reported section.</summary>
    public byte[] PatchReported(int requestId, ReadOnlySpan<byte> json) => PublishPacket.EncodeQosZero(TwinTopic.PatchReported(requestId), json)!;

    /// <summary>A method's answer; null when the call's id is too long for a topic. A body is never empty: services wait for JSON.</summary>
    public byte[]? AnswerMethod(string callId, int status, ReadOnlySpan<byte> body) =>
        PublishPacket.EncodeQosZero(MethodTopic.Response(status, callId), body.IsEmpty ? "null"u8 : body);

    /// <summary>The desired version of a whole twin; false when the body is none.</summary>
    public bool TryReadDesiredVersion(ReadOnlySpan<byte> twin, out long version) => TwinVersion.TryReadDesired(twin, out version);

    /// <summary>Puts the properties of a message into it. Any bytes are taken.</summary>
    public void ReadProperties(ReadOnlySpan<byte> properties, C2dMessage message) => C2dTopic.ReadBag(properties, message);

    /// <summary>Tells a message from the hub by its topic.</summary>
    public Inbound Read(in TransportEvent published)
    {
        if (TwinTopic.TryParseResponse(published.Topic, out int status, out int requestId))
        {
            return new Inbound { Kind = InboundKind.TwinAnswer, Status = status, RequestId = requestId, Payload = published.Payload };
        }

        if (TwinTopic.TryParseDesired(published.Topic, out long version))
        {
            return new Inbound { Kind = InboundKind.DesiredPush, Version = version, Payload = published.Payload };
        }

        if (MethodTopic.TryParse(published.Topic, out string name, out string callId))
        {
            return new Inbound { Kind = InboundKind.MethodCall, Name = name, CallId = callId, Payload = published.Payload };
        }

        return _messages.TryParse(published.Topic, out ReadOnlySpan<byte> bag)
            ? new Inbound { Kind = InboundKind.Message, Properties = bag, Payload = published.Payload }
            : new Inbound { Kind = InboundKind.Unknown, Payload = published.Payload };
    }
}
