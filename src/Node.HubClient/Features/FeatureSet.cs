using Microsoft.Extensions.Logging;
using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>A client's features together: which topics they need, what goes to which of them, and what is due when.</summary>
internal sealed class FeatureSet(SessionSettings settings, HubDialect dialect, Callbacks callbacks, TimeProvider clock, ILogger logger)
{
    private int _nextRequestId = 1;
    private long _wallClockReadAt = long.MinValue;
    private DateTimeOffset _wallClock;

    /// <summary>Telemetry on its way.</summary>
    public TelemetryQueue Telemetry { get; } = new(settings.InFlightWindow, settings.MaxQueuedMessages, settings.MaxQueuedBytes, settings.ConfirmationTimeout, clock, settings.Defect);

    /// <summary>Reported patches on their way.</summary>
    public ReportedQueue Reported { get; } = new(dialect, clock, settings.Defect);

    /// <summary>Desired properties.</summary>
    public DesiredProperties Desired { get; } = new(dialect, clock, settings.Defect);

    /// <summary>Reads of the twin that the caller asked for.</summary>
    public TwinReads Reads { get; } = new(dialect, clock);

    /// <summary>Direct methods.</summary>
    public MethodCalls Methods { get; } = new(dialect);

    /// <summary>Cloud-to-device messages.</summary>
    public C2dReceiver Messages { get; } = new(dialect, settings.Defect);

    /// <summary>Whether an answer is due from the peer, or something waits for room on the connection.</summary>
    public bool AwaitsAnswers =>
        Telemetry.InFlightCount > 0 || Telemetry.HasWaiting || Reported.AwaitsAnswer || Reported.HasWaiting || Desired.AwaitsAnswer
        || Reads.IsBusy || Methods.HasAnswers || Messages.HasAcknowledgements;

    /// <summary>Whether a turn has anything to publish, were there room and time: false spares an idle turn the look.</summary>
    public bool HasWork => AwaitsAnswers || Desired.WantsSnapshot;

    /// <summary>Whether something is under way that a connection which is about to be closed politely should still see answered.</summary>
    public bool IsInFlight => Telemetry.InFlightCount > 0 || Reported.AwaitsAnswer;

    /// <summary>The filters that the registered features need.</summary>
    public Filters Wanted =>
        (Messages.IsWanted ? Filters.Messages : 0)
        | (Desired.IsWanted || Reported.HasWaiting || Reported.AwaitsAnswer || Reads.IsBusy ? Filters.TwinAnswers : 0)
        | (Desired.IsWanted ? Filters.DesiredPatches : 0)
        | (Methods.IsWanted ? Filters.Methods : 0);

    /// <summary>Whether something waits to be published that could go out now.</summary>
    /// <param name="twinIsGranted">Whether answers about the twin can arrive.</param>
    public bool HasUnsent(bool twinIsGranted) =>
        (Telemetry.HasWaiting && Telemetry.InFlightCount < Telemetry.Allowed) || Methods.HasAnswers || Messages.HasAcknowledgements
        || (twinIsGranted && (Reported.HasUnsent || Reads.HasUnsent));

    /// <summary>A new connection.</summary>
    public void BeginConnection()
    {
        Telemetry.BeginConnection();
        Reported.BeginConnection(callbacks);
        Desired.BeginConnection();
        Reads.BeginConnection();
        Messages.BeginConnection();
        Methods.BeginConnection();
    }

    /// <summary>The connection is over.</summary>
    public void EndConnection() => Methods.EndConnection();

    /// <summary>Hands a received message to the feature that it belongs to.</summary>
    public void Dispatch(in TransportEvent published, long now)
    {
        Inbound inbound = dialect.Read(published);
        switch (inbound.Kind)
        {
            case InboundKind.Message:
                Messages.Receive(inbound, published, WallClock(now), callbacks);
                return;
            case InboundKind.TwinAnswer:
                TakeTwinAnswer(inbound, now);
                break;
            case InboundKind.DesiredPush:
                Desired.Push(inbound.Version, inbound.Payload, callbacks);
                break;
            case InboundKind.MethodCall:
                Methods.Receive(inbound, callbacks);
                break;
            default:
                logger.UnknownTopic(published.Topic.Length, published.Payload.Length);
                break;
        }

        Messages.Pass(published); // Only of a message does anybody decide whether it is acknowledged.
    }

    /// <summary>Publishes what this connection owes the hub and no other can give: acknowledgements of messages, answers of methods.</summary>
    public void Answer(IMqttTransport transport)
    {
        Messages.Publish(transport);
        Methods.Publish(transport);
    }

    /// <summary>Publishes what is due, as far as the transport takes it.</summary>
    /// <param name="transport">Where to.</param>
    /// <param name="twinIsGranted">Whether answers about the twin can arrive.</param>
    /// <param name="onlyOld">Whether to leave new telemetry and patches waiting, because the connection is about to be closed.</param>
    /// <param name="now">The turn's instant.</param>
    public void Publish(IMqttTransport transport, bool twinIsGranted, bool onlyOld, long now)
    {
        Answer(transport);
        if (twinIsGranted)
        {
            Desired.Publish(transport, ref _nextRequestId, now);
            Reported.Publish(transport, ref _nextRequestId, onlyOld, now);
            Reads.Publish(transport, ref _nextRequestId, now);
        }

        Telemetry.Publish(transport, now, onlyOld, callbacks);
    }

    /// <summary>Ends what has waited for too long. True when a message went unacknowledged to the end: the peer no longer answers.</summary>
    public bool Expire(IMqttTransport transport, long now)
    {
        bool silent = Telemetry.Expire(transport, now, callbacks);
        Reported.Expire(now, callbacks);
        Desired.Expire(now);
        Reads.Expire(now, callbacks);
        return silent;
    }

    /// <summary>Time until <see cref="Expire"/> or <see cref="Publish"/> has something to do; null when nothing is due.</summary>
    public TimeSpan? NextDue(long now) =>
        Least(Least(Telemetry.NextDue(now), Reported.NextDue(now)), Least(Desired.NextDue(now), Reads.NextDue(now)));

    /// <summary>Completes everything that is pending, oldest first.</summary>
    public void Abandon()
    {
        Telemetry.AbandonInFlight(callbacks);
        Reported.AbandonInFlight(callbacks);
        Reads.Abandon(callbacks);
        Telemetry.AbandonWaiting(callbacks);
        Reported.AbandonWaiting(callbacks);
    }

    /// <summary>The shorter of two times, of which either may be absent.</summary>
    public static TimeSpan? Least(TimeSpan? one, TimeSpan? other) => one is null ? other : other is null || one < other ? one : other;

    /// <summary>Read once for all messages of a turn.</summary>
    private DateTimeOffset WallClock(long now)
    {
        if (_wallClockReadAt != now)
        {
            _wallClockReadAt = now;
            _wallClock = clock.GetUtcNow();
        }

        return _wallClock;
    }

    private void TakeTwinAnswer(in Inbound answer, long now)
    {
        bool known = Desired.TryComplete(answer.RequestId, answer.Status, answer.Payload, now, callbacks)
            || Reported.TryComplete(answer.RequestId, answer.Status, callbacks)
            || Reads.TryComplete(answer.RequestId, answer.Status, answer.Payload, callbacks);
        if (!known)
        {
            logger.UnknownTwinAnswer(answer.RequestId, answer.Status);
        }
    }
}
