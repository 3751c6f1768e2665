using Microsoft.Extensions.Logging;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;
using static Node.HubClient.Provisioning.RegistrationState;

namespace Node.HubClient.Provisioning;

/// <summary>
/// Registers one device: connect, subscribe, ask, poll until the service has decided. Sans-I/O like the hub's session, on the same kind of
/// transport. A lost connection climbs the retry schedule and goes on polling the same operation; a service that throttles is asked again no
/// sooner than it says; what it refuses for good ends the registration.
/// </summary>
internal sealed class RegistrationSession
{
    private const ushort SubscribePacketId = 1;
    private const int EventsPerTurn = 100;

    private readonly RegistrationSettings _settings;
    private readonly IMqttTransport _transport;
    private readonly Credential _credential;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Heartbeat _heartbeat;
    private readonly AttemptWatch _attempt;
    private readonly RetryTimer _retry;
    private readonly PollWait _poll = new();
    private readonly Action<DpsResult> _finish;

    private RegistrationState _state;
    private ConnectionStatusCallback? _statusCallback;
    private object? _statusContext;
    private long _since;
    private TimeSpan _wait;
    private int _requestId;
    private string? _operationId;
    private string? _waitsFor;

    /// <summary>Joins the parts; nothing moves before the first turn.</summary>
    public RegistrationSession(RegistrationSettings settings, IMqttTransport transport, Credential credential, TimeProvider clock, Random random, ILogger logger, Action<DpsResult> finish)
    {
        _settings = settings;
        _transport = transport;
        _credential = credential;
        _clock = clock;
        _logger = logger;
        _finish = finish;
        _heartbeat = new Heartbeat(clock) { Period = TimeSpan.FromSeconds(settings.KeepAliveSeconds) };
        _attempt = new AttemptWatch(clock);
        Retries = new RetrySchedule(random);
        _retry = new RetryTimer(Retries, clock);
    }

    /// <summary>How waits between attempts to connect grow.</summary>
    public RetrySchedule Retries { get; }

    /// <summary>Whether a registration is under way.</summary>
    public bool IsBusy => _state is not Idle;

    /// <summary>Registers for connection events.</summary>
    public void RegisterStatus(ConnectionStatusCallback? callback, object? context)
    {
        _statusCallback = callback;
        _statusContext = context;
    }

    /// <summary>Begins a registration; the first turn connects.</summary>
    public void Begin()
    {
        Move(RegistrationEvent.Wanted, "asked for");
        _operationId = null;
        _poll.Reset();
        _waitsFor = null;
        Retries.Reset();
        _retry.Revive();
        _retry.AtOnce();
    }

    /// <summary>One turn at one instant.</summary>
    public WorkStatus Turn(long now)
    {
        for (int events = 0; events < EventsPerTurn && _state is not Idle and not Waiting && _transport.TryRead(out TransportEvent happened); events++)
        {
            _heartbeat.Received(now);
            Handle(happened, now);
        }

        Advance(now);
        _transport.Flush();
        return Status(now);
    }

    /// <summary>Ends what is under way.</summary>
    public void Stop()
    {
        if (IsBusy)
        {
            Finish(new DpsResult { Status = DpsStatus.BecauseDestroy, Detail = "the client was disposed" });
        }
    }

    private void Handle(in TransportEvent happened, long now)
    {
        switch (happened.Kind)
        {
            case TransportEventKind.Accepted when _state is Connecting:
                Move(RegistrationEvent.Accepted, "CONNACK 0");
                _since = now;
                _transport.Subscribe(SubscribePacketId, [new TopicFilter(DpsTopic.ResponseFilter, 1)]);
                break;
            case TransportEventKind.Subscribed when _state is Subscribing && happened.Payload is not [0 or 1]:
                Lose(ConnectionStatusReason.CommunicationError, "the service refused the subscription", now);
                break;
            case TransportEventKind.Subscribed when _state is Subscribing:
                Move(RegistrationEvent.Granted, "SUBACK");
                _wait = TimeSpan.Zero;
                Announce(ConnectionStatus.Authenticated, ConnectionStatusReason.Ok, "Connected.", 0, null);
                break;
            case TransportEventKind.Published:
                Receive(happened, now);
                break;
            case TransportEventKind.Refused when _state is Connecting:
                Refuse(happened.Code, now);
                break;
            case TransportEventKind.Accepted or TransportEventKind.Refused:
                Lose(ConnectionStatusReason.CommunicationError, "a second CONNACK on one connection", now);
                break;
            case TransportEventKind.Lost:
                Lose(happened.Cause is LossCause.Protocol ? ConnectionStatusReason.CommunicationError : ConnectionStatusReason.NoNetwork, happened.Detail!, now);
                break;
        }
    }

    private void Advance(long now)
    {
        switch (_state)
        {
            case Waiting:
                ConnectWhenDue(now);
                break;
            case Connecting when _attempt.IsOverdue(_transport.Progress, _settings.Timeout, now):
                Lose(ConnectionStatusReason.NoNetwork, $"no CONNACK within {_settings.Timeout.TotalSeconds:0} s", now);
                break;
            case Subscribing or Asking when _clock.GetElapsedTime(_since, now) >= _settings.Timeout:
                Lose(ConnectionStatusReason.NoNetwork, $"no {(_state is Subscribing ? "SUBACK" : "answer")} within {_settings.Timeout.TotalSeconds:0} s", now);
                break;
            case Ready when _clock.GetElapsedTime(_since, now) >= _wait:
                Ask(now);
                break;
            case Ready when _heartbeat.IsOverdue(now):
                Lose(ConnectionStatusReason.NoPingResponse, "no answer to a ping", now);
                break;
            case Ready when _heartbeat.IsDue(now):
                _transport.Ping();
                _heartbeat.Pinged(now);
                break;
        }
    }

    private void ConnectWhenDue(long now)
    {
        if (_retry.IsExpired(now) || _retry.HasGivenUp)
        {
            Finish(new DpsResult { Status = DpsStatus.RetryExpired, Detail = $"The retry policy gave up on {_settings.HostName}." });
            return;
        }

        if (!_retry.IsDue(now))
        {
            return;
        }

        DateTimeOffset wallClock = _clock.GetUtcNow();
        string? password = null;
        string? why = "the clock is not set yet, and a token needs it";
        if ((_credential.NeedsClock && !Credential.IsClockPlausible(wallClock)) || !_credential.TryProve(wallClock, out password, out why))
        {
            WaitFor(why!, now);
            return;
        }

        _waitsFor = null;
        Move(RegistrationEvent.RetryDue, "the next attempt is due");
        _since = now;
        _attempt.Begin(now);
        _heartbeat.Begin(now);
        _transport.Open(new ConnectRequest(_settings.RegistrationId, _settings.UserName, password, (ushort)_settings.KeepAliveSeconds, _credential.Certificate) { CleanSession = true });
    }

    private void WaitFor(string what, long now)
    {
        _retry.LookAgain(now);
        if (_waitsFor != what)
        {
            _waitsFor = what;
            Announce(ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork, $"Connecting to {_settings.HostName} waits: {what}.", null, _retry.Left(now));
        }
    }

    private void Ask(long now)
    {
        _requestId++;
        byte[] packet = _operationId is { } operation
            ? PublishPacket.EncodeQosZero(DpsTopic.Poll(_requestId, operation), [])!
            : PublishPacket.EncodeQosZero(DpsTopic.Register(_requestId), _settings.Request)!;
        _transport.Publish(packet);
        _heartbeat.Sent(now);
        _since = now;
        Move(RegistrationEvent.Asked, _operationId is null ? "registering" : "polling");
    }

    private void Receive(in TransportEvent published, long now)
    {
        if (_state is not Asking || !DpsTopic.TryParseResponse(published.Topic, out int status, out int requestId, out TimeSpan? retryAfter) || requestId != _requestId)
        {
            return; // The answer to a request that was given up, or no answer at all.
        }

        DpsAnswer answer = DpsAnswer.Read(published.Payload);
        if (status is 429 or >= 500)
        {
            Again(_poll.Throttled(retryAfter), $"status {status}", now);
        }
        else if (status >= 300 && _operationId is not null && status == 404)
        {
            _operationId = null; // The service has forgotten the operation: register anew.
            Again(PollWait.Least, "the operation is unknown", now);
        }
        else if (status >= 300)
        {
            Finish(RegistrationEnd.Of(DpsStatus.Refused, status, answer, _settings));
        }
        else if (RegistrationEnd.Of(status, answer, _settings) is { } end)
        {
            Finish(end);
        }
        else
        {
            _operationId = answer.OperationId ?? _operationId;
            Again(_poll.Next(retryAfter), answer.Status ?? "an answer without a status", now);
        }
    }

    private void Again(TimeSpan wait, string cause, long now)
    {
        _since = now;
        _wait = wait;
        Move(RegistrationEvent.Answered, cause);
    }

    private void Refuse(int code, long now)
    {
        (ConnectionStatusReason reason, string why) = Refusals.Explain(code);
        if (code == 3)
        {
            Lose(reason, $"CONNACK 3: {why}", now); // Unavailable: the one refusal that passes by itself.
            return;
        }

        string detail = $"{_settings.HostName} refused {_settings.RegistrationId} (CONNACK {code}): check id scope, registration id and, with a certificate, that its common name is the registration id";
        Announce(ConnectionStatus.Unauthenticated, reason, detail, code, null);
        Finish(new DpsResult { Status = DpsStatus.Refused, RawStatus = code, Detail = detail });
    }

    private void Lose(ConnectionStatusReason reason, string detail, long now)
    {
        _transport.Close(politely: false);
        Move(RegistrationEvent.LinkLost, detail);
        _retry.Lost(_attempt.BeganAt, now);
        Announce(ConnectionStatus.Unauthenticated, reason, $"Connection to {_settings.HostName} lost: {detail}.", null, _retry.Left(now));
    }

    private void Finish(DpsResult result)
    {
        _transport.Close(politely: true);
        Move(RegistrationEvent.Finished, result.Status.ToString());
        _finish(result);
    }

    private void Announce(ConnectionStatus status, ConnectionStatusReason reason, string detail, int? code, TimeSpan? retryIn)
    {
        try
        {
            _statusCallback?.Invoke(new ConnectionStatusChange(status, reason, detail, code, retryIn), _statusContext);
        }
        catch (Exception thrown)
        {
            _logger.CallbackThrew("connection status", thrown);
        }
    }

    private void Move(RegistrationEvent happened, string cause)
    {
        RegistrationState next = RegistrationTransitions.Next(_state, happened);
        _logger.RegistrationMoved(_state, next, cause);
        _state = next;
    }

    private WorkStatus Status(long now) => _state switch
    {
        Idle => new WorkStatus(false, false, Timeout.InfiniteTimeSpan),
        Waiting => new WorkStatus(false, false, _retry.NextDue(now) ?? TimeSpan.Zero),
        Ready => new WorkStatus(false, _heartbeat.AwaitsAnswer, Least(Left(_wait, now), _heartbeat.NextDue(now))),
        _ => new WorkStatus(false, true, Left(_settings.Timeout, now)),
    };

    private TimeSpan Left(TimeSpan whole, long now)
    {
        TimeSpan left = whole - _clock.GetElapsedTime(_state is Connecting ? _attempt.MovedAt : _since, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan? other) => other < one ? other.Value : one;
}
