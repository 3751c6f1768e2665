using Node.HubClient.Dialect;
using Node.HubClient.Features;

namespace Node.HubClient.Connection;

/// <summary>
/// A connection that the hub has accepted: its subscriptions, its pings, its time-outs and what is published on it. It finds out what is wrong and says so;
/// what follows from that is the session's affair.
/// </summary>
internal sealed class LiveConnection(IMqttTransport transport, HubDialect dialect, FeatureSet features, TimeProvider clock, Defect defect)
{
    private readonly Subscriptions _subscriptions = new(dialect, defect);
    private readonly Heartbeat _heartbeat = new(clock);
    private long _readyAt;

    /// <summary>When the hub accepted it.</summary>
    public long AcceptedAt { get; private set; }

    /// <summary>Whether the peer owes an answer.</summary>
    public bool AwaitsAnswer => features.AwaitsAnswers || _subscriptions.AwaitsAnswer || _heartbeat.AwaitsAnswer;

    /// <summary>Whether a feature was registered that the hub does not know of yet.</summary>
    public bool LacksSubscriptions => _subscriptions.Lacks(features.Wanted);

    /// <summary>Whether something waits that could go out now.</summary>
    public bool HasUnsent => LacksSubscriptions || features.HasUnsent(_subscriptions.Covers(Filters.TwinAnswers));

    /// <summary>An attempt begins: from here on silence is counted.</summary>
    public void Begin(int keepAliveSeconds, long now)
    {
        _heartbeat.Period = TimeSpan.FromSeconds(keepAliveSeconds);
        _heartbeat.Begin(now);
    }

    /// <summary>The hub has accepted it.</summary>
    public void Accepted(long now)
    {
        AcceptedAt = now;
        _subscriptions.BeginConnection();
        features.BeginConnection();
    }

    /// <summary>Every subscription is granted.</summary>
    public void Ready(long now) => _readyAt = now;

    /// <summary>Whether it has lasted so long that earlier failures count no more.</summary>
    public bool IsStable(long now) => clock.GetElapsedTime(_readyAt, now) >= RetrySchedule.StableAfter;

    /// <summary>Something arrived.</summary>
    public void Received(long now) => _heartbeat.Received(now);

    /// <summary>Asks for what is wanted and not granted. True when nothing is missing.</summary>
    public bool AskForSubscriptions(long now)
    {
        if (_subscriptions.Ask(features.Wanted, transport, now))
        {
            _heartbeat.Sent(now);
        }

        return !_subscriptions.AwaitsAnswer;
    }

    /// <summary>Drops a filter that nobody wants any more.</summary>
    public void Unsubscribe(Filters filter) => _subscriptions.Drop(filter, transport);

    /// <summary>Takes a SUBACK; what is wrong with it, or null.</summary>
    public ConnectionFault? Grant(in TransportEvent subscribed) =>
        _subscriptions.TryGrant(subscribed.PacketId, subscribed.Payload, out string? refused) ? null
        : new ConnectionFault(ConnectionStatusReason.CommunicationError, refused is null ? "the SUBACK does not fit the SUBSCRIBE" : $"the hub refused the subscription {refused}");

    /// <summary>Looks after it in a turn; what is wrong, or null.</summary>
    public ConnectionFault? Keep(TimeSpan answerTimeout, long now)
    {
        if (features.Expire(transport, now))
        {
            return new ConnectionFault(ConnectionStatusReason.CommunicationError, "a message went unacknowledged for too long: the hub no longer answers");
        }

        AskForSubscriptions(now);
        return _subscriptions.AwaitsAnswer && clock.GetElapsedTime(_subscriptions.AskedAt, now) >= answerTimeout
            ? new ConnectionFault(ConnectionStatusReason.CommunicationError, $"no SUBACK within {answerTimeout.TotalSeconds:0} s")
            : null;
    }

    /// <summary>Pings when that is due; what is wrong, or null.</summary>
    public ConnectionFault? Ping(long now)
    {
        if (defect is not Defect.NoPingTimeout && _heartbeat.IsOverdue(now))
        {
            return new ConnectionFault(ConnectionStatusReason.NoPingResponse, $"no answer to a ping within {_heartbeat.AnswerTimeout.TotalSeconds:0} s");
        }

        if (_heartbeat.IsDue(now))
        {
            transport.Ping();
            _heartbeat.Pinged(now);
        }

        return null;
    }

    /// <summary>Publishes what is due.</summary>
    /// <param name="onlyOld">Whether to leave what is new waiting, because the connection is about to be closed.</param>
    /// <param name="now">The turn's instant.</param>
    public void Publish(bool onlyOld, long now)
    {
        int before = transport.FreeBytes;
        features.Publish(transport, _subscriptions.Covers(Filters.TwinAnswers), onlyOld, now);
        if (transport.FreeBytes != before)
        {
            _heartbeat.Sent(now);
        }
    }

    /// <summary>Time until a turn is needed although nothing arrives.</summary>
    public TimeSpan NextDue(long renewalAt, long now)
    {
        if (LacksSubscriptions)
        {
            return TimeSpan.Zero;
        }

        long at = Math.Min(renewalAt, _heartbeat.DueAt);
        TimeSpan? due = FeatureSet.Least(at == long.MaxValue ? null : clock.GetElapsedTime(now, at), features.NextDue(now));
        return due is null ? Timeout.InfiniteTimeSpan : due > TimeSpan.Zero ? due.Value : TimeSpan.Zero;
    }
}
