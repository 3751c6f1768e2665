using Microsoft.Extensions.Logging;
using Node.HubClient.Dialect;
using Node.HubClient.Features;
using static Node.HubClient.Connection.ConnectionState;

namespace Node.HubClient.Connection;

/// <summary>
/// The client's core: events of the transport and the passing of time go in, decisions come out. It knows no socket, no
/// thread and no clock but the instant of the turn.
/// </summary>
internal sealed class HubSession
{
    private const long Never = long.MaxValue;
    private const int EventsPerTurn = 4_096;
    private const int LongestAttempt = 4; // in connect time-outs, however steadily an attempt creeps on
    private static readonly TimeSpan DrainBeforeRenewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockStep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ClockLook = TimeSpan.FromSeconds(10);

    private readonly IMqttTransport _transport;
    private readonly HubDialect _dialect;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Callbacks _callbacks;
    private readonly Subscriptions _subscriptions;
    private readonly Heartbeat _heartbeat;
    private readonly RetryTimer _retry;
    private readonly EvictionWatch _evictions;

    private SessionSettings _settings;
    private Credential _credential;
    private bool _reconnectAsked;
    private ConnectionState _state = Disconnected;
    private ConnectionStatusCallback? _statusCallback;
    private object? _statusContext;
    private string? _waitsFor;
    private long _attemptAt;
    private long _progress;
    private long _progressAt;
    private long _connectedAt;
    private long _acceptedAt;
    private TimeSpan? _refusedAtOffset;
    private bool _isStable;
    private bool _wasAccepted; // with the present credential
    private long? _renewalSince;
    private long _renewAt = Never;
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
        _callbacks = new Callbacks(logger);
        _subscriptions = new Subscriptions(settings.Defect);
        _heartbeat = new Heartbeat(clock);
        Retries = new RetrySchedule(random);
        _retry = new RetryTimer(Retries, clock);
        _evictions = new EvictionWatch(clock);
        _dialect = new HubDialect(new Protocol.HubIdentity(settings.HostName, settings.DeviceId, settings.ModuleId));
        Features = new FeatureSet(settings, _dialect, _callbacks, clock, logger);
    }

    /// <summary>What the service speaks.</summary>
    public HubDialect Dialect => _dialect;

    /// <summary>What is under way on this connection or waits for one.</summary>
    public FeatureSet Features { get; }

    /// <summary>How waits between attempts grow.</summary>
    public RetrySchedule Retries { get; }

    /// <summary>How the identity proves itself.</summary>
    public Credential Credential => _credential;

    /// <summary>The settings in force; new ones count from the next attempt on.</summary>
    public SessionSettings Settings
    {
        get => _settings;
        set => _settings = value;
    }

    /// <summary>Bounds how many sessions of a shared transport connect at a time; null for no bound.</summary>
    public ConnectGate? Gate { get; init; }

    /// <summary>Tells a wrong clock from a wrong key; null for nobody to ask.</summary>
    public ClockProbe? Probe { get; set; }

    /// <summary>Whether traffic flows.</summary>
    public bool IsConnected => _state is Connected;

    /// <summary>Whether an attempt has ever been made.</summary>
    public bool HasTried { get; private set; }

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
        Retries.Set(policy, limit);
        _retry.Revive();
    }

    /// <summary>Takes another credential and comes back with it.</summary>
    public void SetCredential(Credential credential)
    {
        _credential = credential;
        _wasAccepted = false;
        Reconnect();
    }

    /// <summary>A live connection is closed when nothing is in flight, and opened again at once; who waits to retry tries at once.</summary>
    public void Reconnect()
    {
        _reconnectAsked = true;
        _waitsFor = null;
        Retries.Reset();
        _retry.Revive();
        _retry.AtOnce();
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
        Features.Telemetry.ExpireWaiting(now, _callbacks);
        if (!StopRequested)
        {
            Advance(now);
        }

        if (!StopRequested && _state is Connected && Features.HasWork)
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
        if (_state is Connecting)
        {
            Gate?.Leave();
        }

        _state = Disconnected;
        Probe?.Stop();
        Features.Abandon();
    }

    private void Receive(long now)
    {
        int events = 0;
        _moreToRead = false;
        while (_state is not Disconnected && !StopRequested && _transport.TryRead(out TransportEvent happened))
        {
            _heartbeat.Received(now);
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
                Features.Telemetry.Acknowledge(happened.PacketId, now, _callbacks);
                break;
            case TransportEventKind.Published:
                Features.Dispatch(happened, now);
                break;
            case TransportEventKind.Accepted when _state is Connecting:
                Accept(now);
                break;
            case TransportEventKind.Subscribed:
                Grant(happened, now);
                break;
            case TransportEventKind.Unsubscribed:
                break; // Nothing depends on it; what still arrives on that filter finds no handler.
            case TransportEventKind.Pong:
                _heartbeat.Answered();
                break;
            case TransportEventKind.Refused when _state is Connecting:
                Refuse(happened.Code, now);
                break;
            case TransportEventKind.Accepted or TransportEventKind.Refused:
                Lose(ConnectionStatusReason.CommunicationError, "a second CONNACK on one connection", now, LossCause.Protocol);
                break;
            case TransportEventKind.Lost:
                Lose(happened.Cause is LossCause.Protocol ? ConnectionStatusReason.CommunicationError : ConnectionStatusReason.NoNetwork, happened.Detail!, now, happened.Cause);
                break;
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
                WatchAttempt(now);
                break;
            case Subscribing:
                LoseWhenOverdue(_acceptedAt, ConnectionStatusReason.NoNetwork, "no SUBACK", now);
                AskForSubscriptions(now);
                break;
            case Connected:
                KeepConnection(now);
                break;
        }
    }

    private void ConnectWhenDue(long now)
    {
        LookAtClock(now);
        if (_retry.IsExpired(now))
        {
            _retry.GiveUp();
            AnnounceGivenUp();
        }

        if (!_retry.IsDue(now))
        {
            return;
        }

        DateTimeOffset wallClock = _clock.GetUtcNow();
        if (_credential.NeedsClock && !Connection.Credential.IsClockPlausible(wallClock))
        {
            WaitFor("the clock is not set yet, and a token needs it", ConnectionStatusReason.NoNetwork, now);
        }
        else if (!_credential.TryProve(wallClock, out string? password, out string? why))
        {
            WaitFor(why!, ConnectionStatusReason.BadCredential, now);
        }
        else if (Gate is { } gate && !gate.TryEnter())
        {
            return; // Others are connecting; the attempt stays due.
        }
        else
        {
            Open(password, now);
        }
    }

    /// <summary>Takes the answer of the hub's clock, and tries at once when this device's clock has been set since the refusal.</summary>
    private void LookAtClock(long now)
    {
        if (Probe is not null && Probe.TryTake(out TimeSpan skew) && skew.Duration() > ClockProbe.Tolerated)
        {
            string detail = $"This device's clock is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "behind" : "ahead of")} that of {_settings.HostName}: set it; the token was refused for that, and the next attempt follows at once.";
            _callbacks.Status(
                _statusCallback,
                new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.BadCredential, detail, null, _retry.Left(now)) { ClockSkew = skew },
                _statusContext);
        }

        if (_refusedAtOffset is { } offset && (ClockOffset(now) - offset).Duration() > ClockStep)
        {
            _refusedAtOffset = null;
            _retry.AtOnce();
        }
    }

    /// <summary>The wall clock against the monotonic one: changes only when somebody sets it.</summary>
    private TimeSpan ClockOffset(long now) => _clock.GetUtcNow() - DateTimeOffset.UnixEpoch - _clock.GetElapsedTime(0, now);

    private void Open(string? password, long now)
    {
        _refusedAtOffset = null;
        Probe?.Stop();
        _waitsFor = null;
        Move(ConnectionEvent.RetryDue, "the next attempt is due");
        HasTried = true;
        _reconnectAsked = false;
        _attemptAt = now;
        _progressAt = now;
        _renewAt = _credential.RenewAfter is { } after ? now + (long)(after.TotalSeconds * _clock.TimestampFrequency) : Never; // Of this token: another lifetime counts from the next one on.
        _heartbeat.Period = TimeSpan.FromSeconds(_settings.KeepAliveSeconds);
        _heartbeat.Begin(now);
        _transport.Open(_dialect.Connect(_settings.UserName, password, _settings.KeepAliveSeconds, _credential.Certificate));
    }

    /// <summary>No attempt can be made now; looks again each second, and says so once for each reason.</summary>
    private void WaitFor(string what, ConnectionStatusReason reason, long now)
    {
        _retry.LookAgain(now);
        if (_waitsFor != what)
        {
            _waitsFor = what;
            Announce(reason, $"Connecting to {_settings.HostName} waits: {what}.", null, _retry.Left(now));
        }
    }

    private void Accept(long now)
    {
        Move(ConnectionEvent.Accepted, "CONNACK 0");
        _acceptedAt = now;
        _wasAccepted = true;
        _subscriptions.BeginConnection();
        Features.BeginConnection();
        AskForSubscriptions(now);
    }

    private void AskForSubscriptions(long now)
    {
        if (!_subscriptions.Ask(Features.Wanted(), _transport, now))
        {
            _heartbeat.Sent(now);
        }
        else if (_state is Subscribing)
        {
            Move(ConnectionEvent.SubscriptionsGranted, "every subscription is granted");
            _connectedAt = now;
            _isStable = false;
            _callbacks.Status(_statusCallback, new ConnectionStatusChange(ConnectionStatus.Authenticated, ConnectionStatusReason.Ok, "Connected.", 0, null), _statusContext);
        }
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
        if (!_isStable && _clock.GetElapsedTime(_connectedAt, now) >= RetrySchedule.StableAfter)
        {
            _isStable = true;
            _retry.Forget();
        }

        if (Features.Expire(_transport, now))
        {
            Lose(ConnectionStatusReason.CommunicationError, "a message went unacknowledged for too long: the hub no longer answers", now);
            return;
        }

        AskForSubscriptions(now);
        if (_subscriptions.AwaitsAnswer)
        {
            LoseWhenOverdue(_subscriptions.AskedAt, ConnectionStatusReason.CommunicationError, "no SUBACK", now);
        }

        if (_state is Connected)
        {
            RenewWhenDue(now);
        }

        if (_state is Connected)
        {
            PingWhenDue(now);
        }
    }

    private bool RenewalIsDue(long now) => _reconnectAsked || now >= _renewAt;

    private void RenewWhenDue(long now)
    {
        if (!RenewalIsDue(now))
        {
            _renewalSince = null;
            return;
        }

        _renewalSince ??= now;
        if (Features.Telemetry.InFlightCount > 0 && _clock.GetElapsedTime(_renewalSince.Value, now) < DrainBeforeRenewal)
        {
            return;
        }

        _renewalSince = null;
        _transport.Close(politely: true);
        Move(ConnectionEvent.TokenExpiring, "the credential is due for renewal");
        Features.EndConnection();
        _retry.AtOnce();
        Announce(ConnectionStatusReason.ExpiredSasToken, "Closed in order to come back with a new credential or option; nothing is lost.", null, TimeSpan.Zero);
        if (!StopRequested)
        {
            ConnectWhenDue(now); // In this turn, not the next one: the gap lasts until the hub answers again.
        }
    }

    private void PingWhenDue(long now)
    {
        if (_settings.Defect is not Defect.NoPingTimeout && _heartbeat.IsOverdue(now))
        {
            Lose(ConnectionStatusReason.NoPingResponse, $"no answer to a ping within {_heartbeat.AnswerTimeout.TotalSeconds:0} s", now);
        }
        else if (_heartbeat.IsDue(now))
        {
            _transport.Ping();
            _heartbeat.Pinged(now);
        }
    }

    private void Publish(long now)
    {
        int before = _transport.FreeBytes;
        Features.Publish(_transport, _subscriptions.IsGranted(_dialect.TwinAnswerFilter.Filter), onlyOld: RenewalIsDue(now), now);
        if (_transport.FreeBytes != before)
        {
            _heartbeat.Sent(now);
        }
    }

    private void LoseWhenOverdue(long since, ConnectionStatusReason reason, string what, long now)
    {
        if (_clock.GetElapsedTime(since, now) >= _settings.ConnectTimeout)
        {
            Lose(reason, $"{what} within {_settings.ConnectTimeout.TotalSeconds:0} s", now);
        }
    }

    /// <summary>
    /// An attempt ends when nothing has moved for the connect time-out: who turns every few seconds only gets there all the same, one step in
    /// each turn.
    /// </summary>
    private void WatchAttempt(long now)
    {
        if (_transport.Progress != _progress)
        {
            _progress = _transport.Progress;
            _progressAt = now;
        }

        bool creeps = _clock.GetElapsedTime(_attemptAt, now) < _settings.ConnectTimeout * LongestAttempt;
        LoseWhenOverdue(creeps ? _progressAt : _attemptAt, ConnectionStatusReason.NoNetwork, "no CONNACK", now);
    }

    private void Refuse(int code, long now)
    {
        _transport.Close(politely: false);
        Move(ConnectionEvent.Refused, $"CONNACK {code}");
        _retry.Refused(now);
        (ConnectionStatusReason reason, string why) = Refusals.Explain(code, _wasAccepted);
        _evictions.Failed();
        if (_credential.NeedsClock && reason is ConnectionStatusReason.BadCredential)
        {
            _refusedAtOffset = ClockOffset(now);
            Probe?.Begin();
        }

        Announce(reason, $"{_settings.HostName} refused {_dialect.ClientId} (CONNACK {code}): {why}.", code, _retry.Left(now));
        AnnounceGivenUpWhenHopeless();
    }

    private void Lose(ConnectionStatusReason reason, string detail, long now, LossCause cause = LossCause.Network)
    {
        Watch(cause, now);
        _transport.Close(politely: false);
        Move(ConnectionEvent.LinkLost, detail);
        Features.EndConnection();
        if (_evictions.IsSuspected)
        {
            AnnounceTakeover(now);
            return;
        }

        _retry.Lost(_attemptAt, now);
        if (_settings.Defect is Defect.NoBackoff)
        {
            _retry.AtOnce();
        }

        Announce(reason, $"Connection to {_settings.HostName} lost: {detail}.", null, _retry.Left(now));
        AnnounceGivenUpWhenHopeless();
    }

    private void Watch(LossCause cause, long now)
    {
        if (_state is Connecting)
        {
            _evictions.Failed();
        }
        else
        {
            _evictions.Ended(cause, _acceptedAt, now);
        }
    }

    private void AnnounceTakeover(long now)
    {
        _evictions.Waits(_retry.Evicted(_evictions.Evictions - EvictionWatch.Suspicious + 1, now));
        string detail = $"{_settings.HostName} closed the connection of {_dialect.ClientId} soon after accepting it, {_evictions.Evictions} times in a row: most likely another client connects with the same identity. Give each its own.";
        _callbacks.Status(
            _statusCallback,
            new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork, detail, null, _retry.Left(now)) { SuspectsTakeover = true },
            _statusContext);
        AnnounceGivenUpWhenHopeless();
    }

    private void AnnounceGivenUpWhenHopeless()
    {
        if (_retry.HasGivenUp)
        {
            AnnounceGivenUp();
        }
    }

    private void AnnounceGivenUp() => Announce(
        ConnectionStatusReason.RetryExpired, "The retry policy has given up; what is queued stays queued, and setting a retry policy tries again.", null, null);

    private void Announce(ConnectionStatusReason reason, string detail, int? code, TimeSpan? retryIn) => _callbacks.Status(
        _statusCallback, new ConnectionStatusChange(ConnectionStatus.Unauthenticated, reason, detail, code, retryIn), _statusContext);

    private void Move(ConnectionEvent happened, string cause)
    {
        ConnectionState next = ConnectionTransitions.Next(_state, happened);
        _logger.Moved(_state, next, cause);
        if (_state is Connecting)
        {
            Gate?.Leave();
        }

        _state = next;
    }

    private WorkStatus Status(long now) => _state switch
    {
        Disconnected => new WorkStatus(false, Probe is { IsBusy: true }, _retry.NextDue(now) ?? Timeout.InfiniteTimeSpan).Within(_refusedAtOffset is null ? null : ClockLook),
        Connecting or Subscribing => new WorkStatus(_moreToRead, true, Remaining(_settings.ConnectTimeout, _state is Connecting ? _progressAt : _acceptedAt, now)),
        _ => new WorkStatus(_moreToRead, Features.AwaitsAnswers || _subscriptions.AwaitsAnswer || _heartbeat.AwaitsAnswer, NextDue(now)),
    };

    private TimeSpan NextDue(long now)
    {
        long at = Math.Min(_renewAt, _heartbeat.DueAt);
        TimeSpan? due = FeatureSet.Least(at == Never ? null : _clock.GetElapsedTime(now, at), Features.NextDue(now));
        return due is null ? Timeout.InfiniteTimeSpan : due > TimeSpan.Zero ? due.Value : TimeSpan.Zero;
    }

    private TimeSpan Remaining(TimeSpan whole, long since, long now)
    {
        TimeSpan left = whole - _clock.GetElapsedTime(since, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
