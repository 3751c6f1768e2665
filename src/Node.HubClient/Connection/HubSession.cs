using Microsoft.Extensions.Logging;
using Node.HubClient.Features;
using static Node.HubClient.Connection.ConnectionState;

namespace Node.HubClient.Connection;

/// <summary>
/// The client's core: events of the transport and the passing of time go in, decisions come out. It knows no socket, no
/// thread and no clock but the instant of the turn.
/// </summary>
internal sealed class HubSession
{
    private const int EventsPerTurn = 4_096;
    private static readonly TimeSpan DrainBeforeRenewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PingAnswerCap = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan ClockCheckPeriod = TimeSpan.FromSeconds(1);

    private readonly SessionSettings _settings;
    private readonly IMqttTransport _transport;
    private readonly Credential _credential;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RetrySchedule _retries;
    private readonly Subscriptions _subscriptions;
    private readonly Callbacks _callbacks;
    private readonly List<TopicFilter> _wanted = [];

    private ConnectionState _state = Disconnected;
    private ConnectionStatusCallback? _statusCallback;
    private object? _statusContext;
    private bool _everTried;
    private bool _waitsForClock;
    private long _retryFrom;
    private TimeSpan? _retryWait = TimeSpan.Zero;
    private long _attemptAt;
    private long _connectedAt;
    private bool _stable;
    private long? _failingSince;
    private long _lastSent;
    private long _lastReceived;
    private long _pingAt;
    private bool _pingDue;
    private int _nextRequestId = 1;
    private bool _moreToRead;
    private bool _stopRequested;

    /// <summary>Joins the parts; nothing moves before the first turn.</summary>
    public HubSession(SessionSettings settings, IMqttTransport transport, Credential credential, TimeProvider clock, Random random, ILogger logger)
    {
        _settings = settings;
        _transport = transport;
        _credential = credential;
        _clock = clock;
        _logger = logger;
        _retries = new RetrySchedule(random);
        _callbacks = new Callbacks(logger);
        _subscriptions = new Subscriptions(settings.Defect);
        Telemetry = new TelemetryQueue(settings.InFlightWindow, settings.MaxQueuedMessages, settings.MaxQueuedBytes, clock, settings.Defect);
        Reported = new ReportedQueue(clock, settings.Defect);
        Desired = new DesiredProperties(clock, settings.Defect);
        Messages = new C2dReceiver(new Protocol.C2dTopic(settings.DeviceId));
    }

    /// <summary>Telemetry on its way.</summary>
    public TelemetryQueue Telemetry { get; }

    /// <summary>Reported patches on their way.</summary>
    public ReportedQueue Reported { get; }

    /// <summary>Desired properties.</summary>
    public DesiredProperties Desired { get; }

    /// <summary>Direct methods.</summary>
    public MethodCalls Methods { get; } = new();

    /// <summary>Cloud-to-device messages.</summary>
    public C2dReceiver Messages { get; }

    /// <summary>When to try again.</summary>
    public RetrySchedule Retries => _retries;

    /// <summary>Set from a callback that disposes the client: the turn ends as soon as it can.</summary>
    public bool StopRequested
    {
        get => Volatile.Read(ref _stopRequested);
        set => Volatile.Write(ref _stopRequested, value);
    }

    /// <summary>Registers for connection events.</summary>
    public void RegisterStatus(ConnectionStatusCallback? callback, object? context)
    {
        _statusCallback = callback;
        _statusContext = context;
    }

    /// <summary>Sets the retry policy, forgets earlier failures and revives a client that had given up.</summary>
    public void SetRetryPolicy(RetryPolicy policy, TimeSpan limit)
    {
        _retries.Set(policy, limit);
        _failingSince = null;
        if (_state is Disconnected && _retryWait is null)
        {
            _retryWait = TimeSpan.Zero;
        }
    }

    /// <summary>Drops a filter that nobody wants any more.</summary>
    public void Unsubscribe(string filter)
    {
        if (_state is Connected or Subscribing)
        {
            _subscriptions.Drop(filter, _transport);
        }
    }

    /// <summary>One turn at one instant.</summary>
    public WorkStatus Turn(long now)
    {
        Receive(now);
        if (!StopRequested)
        {
            Advance(now);
        }

        if (!StopRequested && _state is Connected)
        {
            Publish(now);
        }

        _transport.Flush();
        return Status(now);
    }

    /// <summary>Ends the connection and completes everything that is pending, oldest first.</summary>
    public void Stop()
    {
        _transport.Close(politely: true);
        _state = Disconnected;
        Telemetry.AbandonInFlight(_callbacks);
        Reported.AbandonInFlight(_callbacks);
        Telemetry.AbandonWaiting(_callbacks);
        Reported.AbandonWaiting(_callbacks);
    }

    private void Receive(long now)
    {
        int events = 0;
        _moreToRead = false;
        while (_state is not Disconnected && !StopRequested && _transport.TryRead(out TransportEvent happened))
        {
            _lastReceived = now;
            Handle(happened, now);
            if (++events == EventsPerTurn)
            {
                _moreToRead = true;
                return;
            }
        }
    }

    private void Handle(in TransportEvent happened, long now)
    {
        switch (happened.Kind)
        {
            case TransportEventKind.PublishAcknowledged:
                Telemetry.Acknowledge(happened.PacketId, _callbacks);
                break;
            case TransportEventKind.Published:
                Dispatch(happened, now);
                break;
            case TransportEventKind.Accepted:
                Accept(now);
                break;
            case TransportEventKind.Subscribed:
                Grant(happened, now);
                break;
            case TransportEventKind.Unsubscribed:
                break; // Nothing depends on it; what still arrives on that filter finds no handler.
            case TransportEventKind.Pong:
                _pingDue = false;
                break;
            case TransportEventKind.Refused:
                Refuse(happened.Code, now);
                break;
            case TransportEventKind.Lost:
                Lose(happened.Cause is LossCause.Protocol ? ConnectionStatusReason.CommunicationError : ConnectionStatusReason.NoNetwork, happened.Detail!, now);
                break;
        }
    }

    private void Dispatch(in TransportEvent published, long now)
    {
        if (Protocol.TwinTopic.TryParseResponse(published.Topic, out int status, out int requestId))
        {
            bool known = Desired.TryComplete(requestId, status, published.Payload, now, _callbacks) || Reported.TryComplete(requestId, status, _callbacks);
            if (!known)
            {
                _logger.UnknownTwinAnswer(requestId, status);
            }
        }
        else if (Protocol.TwinTopic.TryParseDesired(published.Topic, out long version))
        {
            Desired.Push(version, published.Payload, _callbacks);
        }
        else if (!Methods.TryReceive(published, _callbacks) && !Messages.TryReceive(published, _clock.GetUtcNow(), _callbacks))
        {
            _logger.UnknownTopic(published.Topic.Length, published.Payload.Length);
        }
    }

    private void Advance(long now)
    {
        switch (_state)
        {
            case Disconnected:
                ConnectWhenDue(now);
                break;
            case Connecting:
                LoseWhenOverdue(_attemptAt, "no CONNACK", now);
                break;
            case Subscribing:
                LoseWhenOverdue(_attemptAt, "no SUBACK", now);
                AskForSubscriptions(now);
                break;
            case Connected:
                KeepConnection(now);
                break;
        }
    }

    private void ConnectWhenDue(long now)
    {
        if (_retryWait is not { } wait)
        {
            return;
        }

        if (IsRetryExpired(now))
        {
            _retryWait = null;
            AnnounceGivenUp();
            return;
        }

        if (_clock.GetElapsedTime(_retryFrom, now) < wait)
        {
            return;
        }

        DateTimeOffset wallClock = _clock.GetUtcNow();
        if (!Credential.IsClockPlausible(wallClock))
        {
            WaitForClock(now);
            return;
        }

        _waitsForClock = false;
        Move(ConnectionEvent.RetryDue, "the next attempt is due");
        _everTried = true;
        _attemptAt = now;
        _lastSent = now;
        _transport.Open(new ConnectRequest(_settings.DeviceId, _settings.UserName, _credential.Sign(wallClock), (ushort)_settings.KeepAliveSeconds));
    }

    private void WaitForClock(long now)
    {
        _retryFrom = now;
        _retryWait = ClockCheckPeriod;
        if (!_waitsForClock)
        {
            _waitsForClock = true;
            Announce(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork,
                "The clock is not set yet, so no token is signed; connecting waits for it.", null, _retryWait));
        }
    }

    private void Accept(long now)
    {
        Move(ConnectionEvent.Accepted, "CONNACK 0");
        _pingDue = false;
        _subscriptions.BeginConnection();
        Telemetry.BeginConnection();
        Reported.BeginConnection(_callbacks);
        Desired.BeginConnection();
        Messages.BeginConnection();
        Methods.BeginConnection();
        AskForSubscriptions(now);
    }

    private void AskForSubscriptions(long now)
    {
        if (!_subscriptions.Ask(Wanted(), _transport, now))
        {
            _lastSent = now;
            return;
        }

        if (_state is Subscribing)
        {
            Move(ConnectionEvent.SubscriptionsGranted, "every subscription is granted");
            _connectedAt = now;
            _stable = false;
            Announce(new ConnectionStatusChange(ConnectionStatus.Authenticated, ConnectionStatusReason.Ok, "Connected.", 0, null));
        }
    }

    private List<TopicFilter> Wanted()
    {
        _wanted.Clear();
        if (Messages.IsWanted)
        {
            _wanted.Add(new TopicFilter(Messages.Filter, 1));
        }

        if (Desired.IsWanted || Reported.HasWaiting || Reported.AwaitsAnswer)
        {
            _wanted.Add(new TopicFilter(Protocol.TwinTopic.ResponseFilter, 0));
        }

        if (Desired.IsWanted)
        {
            _wanted.Add(new TopicFilter(Protocol.TwinTopic.DesiredFilter, 0));
        }

        if (Methods.IsWanted)
        {
            _wanted.Add(new TopicFilter(Protocol.MethodTopic.Filter, 0));
        }

        return _wanted;
    }

    private void Grant(in TransportEvent subscribed, long now)
    {
        if (!_subscriptions.TryGrant(subscribed.PacketId, subscribed.Payload, out string? refused))
        {
            Lose(ConnectionStatusReason.CommunicationError, refused is null ? "the SUBACK does not fit the SUBSCRIBE" : $"the hub refused the subscription {refused}", now);
        }
        else if (_state is Subscribing)
        {
            AskForSubscriptions(now);
        }
    }

    private void KeepConnection(long now)
    {
        if (!_stable && _clock.GetElapsedTime(_connectedAt, now) >= RetrySchedule.StableAfter)
        {
            _stable = true;
            _failingSince = null;
            _retries.Reset();
        }

        if (Telemetry.Expire(_transport, now, _callbacks))
        {
            Lose(ConnectionStatusReason.CommunicationError, "a message went unacknowledged for 120 s", now);
            return;
        }

        Reported.Expire(now, _callbacks);
        Desired.Expire(now);
        AskForSubscriptions(now);
        if (_subscriptions.AwaitsAnswer && _clock.GetElapsedTime(_subscriptions.AskedAt, now) >= _settings.ConnectTimeout)
        {
            Lose(ConnectionStatusReason.CommunicationError, "no SUBACK", now);
            return;
        }

        RenewWhenDue(now);
        if (_state is Connected)
        {
            PingWhenDue(now);
        }
    }

    private void RenewWhenDue(long now)
    {
        TimeSpan overdue = _clock.GetElapsedTime(_attemptAt, now) - _credential.RenewAfter;
        if (overdue < TimeSpan.Zero || (Telemetry.InFlightCount > 0 && overdue < DrainBeforeRenewal))
        {
            return;
        }

        _transport.Close(politely: true);
        Move(ConnectionEvent.TokenExpiring, "the token is due for renewal");
        Methods.EndConnection();
        _retryFrom = now;
        _retryWait = TimeSpan.Zero;
        Announce(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.ExpiredSasToken,
            "Closed in order to come back with a new token; nothing is lost.", null, TimeSpan.Zero));
    }

    private void PingWhenDue(long now)
    {
        if (_settings.KeepAliveSeconds == 0)
        {
            return;
        }

        if (_settings.Defect is not Defect.NoPingTimeout && _pingDue && _lastReceived < _pingAt && _clock.GetElapsedTime(_pingAt, now) >= PingAnswerTimeout)
        {
            Lose(ConnectionStatusReason.NoPingResponse, $"no answer to a ping within {PingAnswerTimeout.TotalSeconds:0} s", now);
        }
        else if (!_pingDue && _clock.GetElapsedTime(_lastSent, now) >= KeepAlive)
        {
            _transport.Ping();
            _pingDue = true;
            _pingAt = now;
            _lastSent = now;
        }
    }

    private TimeSpan KeepAlive => TimeSpan.FromSeconds(_settings.KeepAliveSeconds);

    private TimeSpan PingAnswerTimeout => KeepAlive / 2 < PingAnswerCap ? KeepAlive / 2 : PingAnswerCap;

    private bool RenewalIsDue(long now) => _clock.GetElapsedTime(_attemptAt, now) >= _credential.RenewAfter;

    private void Publish(long now)
    {
        int before = _transport.FreeBytes;
        Messages.Publish(_transport);
        Methods.Publish(_transport);
        if (_subscriptions.IsGranted(Protocol.TwinTopic.ResponseFilter))
        {
            Desired.Publish(_transport, ref _nextRequestId, now);
            Reported.Publish(_transport, ref _nextRequestId, now);
        }

        Telemetry.Publish(_transport, now, onlyOld: RenewalIsDue(now), _callbacks);
        if (_transport.FreeBytes != before)
        {
            _lastSent = now;
        }
    }

    private void LoseWhenOverdue(long since, string what, long now)
    {
        if (_clock.GetElapsedTime(since, now) >= _settings.ConnectTimeout)
        {
            Lose(ConnectionStatusReason.NoNetwork, $"{what} within {_settings.ConnectTimeout.TotalSeconds:0} s", now);
        }
    }

    private void Refuse(int code, long now)
    {
        _transport.Close(politely: false);
        Move(ConnectionEvent.Refused, $"CONNACK {code}");
        _retryFrom = now;
        _retryWait = _retries.AfterRefusal();
        Announce(Refusals.Describe(code, _settings.DeviceId, _settings.HostName, _retryWait));
        NoteFailure(now);
    }

    private void Lose(ConnectionStatusReason reason, string detail, long now)
    {
        _transport.Close(politely: false);
        Move(ConnectionEvent.LinkLost, detail);
        Methods.EndConnection();
        _retryFrom = _attemptAt;
        _retryWait = _settings.Defect is Defect.NoBackoff ? TimeSpan.Zero : _retries.AfterLoss();
        Announce(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, reason, $"Connection to {_settings.HostName} lost: {detail}.", null, Left(_retryWait, now)));
        NoteFailure(now);
    }

    private void NoteFailure(long now)
    {
        _failingSince ??= now;
        if (_retryWait is null)
        {
            AnnounceGivenUp();
        }
    }

    private bool IsRetryExpired(long now) =>
        _retries.Limit > TimeSpan.Zero && _failingSince is { } since && _clock.GetElapsedTime(since, now) >= _retries.Limit;

    private void AnnounceGivenUp() => Announce(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.RetryExpired,
        "The retry policy has given up; what is queued stays queued, and setting a retry policy tries again.", null, null));

    private TimeSpan? Left(TimeSpan? wait, long now)
    {
        if (wait is null)
        {
            return null;
        }

        TimeSpan left = wait.Value - _clock.GetElapsedTime(_retryFrom, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void Move(ConnectionEvent happened, string cause)
    {
        ConnectionState next = ConnectionTransitions.Next(_state, happened);
        _logger.Moved(_state, next, cause);
        _state = next;
    }

    private void Announce(ConnectionStatusChange change) => _callbacks.Status(_statusCallback, change, _statusContext);

    private WorkStatus Status(long now) => _state switch
    {
        Disconnected => new WorkStatus(false, false, UntilRetry(now)),
        Connecting or Subscribing => new WorkStatus(_moreToRead, true, Remaining(_settings.ConnectTimeout, _attemptAt, now)),
        _ => new WorkStatus(_moreToRead, AwaitsAnswers, NextDue(now)),
    };

    private TimeSpan UntilRetry(long now)
    {
        if (_retryWait is null)
        {
            return Timeout.InfiniteTimeSpan;
        }

        TimeSpan due = Left(_everTried ? _retryWait : TimeSpan.Zero, now)!.Value;
        return _retries.Limit > TimeSpan.Zero && _failingSince is { } since ? Least(due, Remaining(_retries.Limit, since, now)) : due;
    }

    private bool AwaitsAnswers =>
        Telemetry.InFlightCount > 0 || Telemetry.HasWaiting || Reported.AwaitsAnswer || Reported.HasWaiting || Desired.AwaitsAnswer
        || Methods.HasAnswers || Messages.HasAcknowledgements || _subscriptions.AwaitsAnswer || _pingDue;

    private TimeSpan NextDue(long now)
    {
        TimeSpan due = Remaining(_credential.RenewAfter, _attemptAt, now);
        if (_settings.KeepAliveSeconds > 0)
        {
            due = Least(due, _pingDue ? Remaining(PingAnswerTimeout, _pingAt, now) : Remaining(KeepAlive, _lastSent, now));
        }

        due = Least(due, Telemetry.NextDue(now));
        due = Least(due, Reported.NextDue(now));
        due = Least(due, Desired.NextDue(now));
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }

    private TimeSpan Remaining(TimeSpan whole, long since, long now)
    {
        TimeSpan left = whole - _clock.GetElapsedTime(since, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan? other) => other is { } second && second < one ? second : one;
}
