using Microsoft.Extensions.Logging;
using Node.HubClient.Features;
using static Node.HubClient.Connection.ConnectionState;

namespace Node.HubClient.Connection;

/// <summary>
/// One connection after another: the owner of the state, and the only one who moves it. <see cref="Dialler"/> says when an attempt begins,
/// <see cref="LiveConnection"/> what is wrong with the present one.
/// </summary>
internal sealed class ConnectionCycle(
    IMqttTransport transport, FeatureSet features, LiveConnection live, Dialler dialler, StatusTeller teller, TimeProvider clock, ILogger logger)
{
    private readonly AttemptWatch _attempt = new(clock);
    private readonly Renewal _renewal = new(clock);
    private readonly EvictionWatch _evictions = new(clock);
    private ConnectionState _state = Disconnected;
    private bool _isStable;

    /// <summary>The settings in force; new ones count from the next attempt on.</summary>
    public required SessionSettings Settings { get; set; }

    /// <summary>How the identity proves itself, from the next attempt on.</summary>
    public required Credential Credential { get; set; }

    /// <summary>Whether there is neither a connection nor an attempt at one.</summary>
    public bool IsDown => _state is Disconnected;

    /// <summary>Whether something waits that a turn would move on now.</summary>
    public bool HasUnsent => _state is Connected && (_renewal.WantsTurn || live.HasUnsent);

    /// <summary>Whether an attempt has ever been made.</summary>
    public bool HasTried { get; private set; }

    /// <summary>The caller wants another connection: the present one is closed when nothing is in flight.</summary>
    public void AskForRenewal() => _renewal.Ask();

    /// <summary>Drops a filter that nobody wants any more.</summary>
    public void Unsubscribe(Filters filter)
    {
        if (_state is Connected or Subscribing)
        {
            live.Unsubscribe(filter);
        }
    }

    /// <summary>Takes what happened on the connection. True when it is traffic, which is the features' affair.</summary>
    public bool Takes(in TransportEvent happened, long now)
    {
        live.Received(now);
        switch (happened.Kind)
        {
            case TransportEventKind.PublishAcknowledged or TransportEventKind.Published when _state is not Connecting:
                return true;
            case TransportEventKind.Lost:
                Lose(ConnectionFault.Of(happened), now);
                break;
            case TransportEventKind.Accepted when _state is Connecting:
                Accept(now);
                break;
            case TransportEventKind.Refused when _state is Connecting:
                Refuse(happened.Code, now);
                break;
            case TransportEventKind.Accepted or TransportEventKind.Refused:
                Lose(ConnectionFault.OfProtocol("a second CONNACK on one connection"), now);
                break;
            case var _ when _state is Connecting:
                Lose(ConnectionFault.OfProtocol("the peer sent another packet before its CONNACK"), now);
                break;
            case TransportEventKind.Subscribed:
                Grant(happened, now);
                break;
        }

        return false; // That something came is all there is to a PINGRESP; what still arrives on a dropped filter finds no handler.
    }

    /// <summary>Does what the passing of time asks for.</summary>
    public void Advance(long now)
    {
        switch (_state)
        {
            case Disconnected:
                ConnectWhenDue(now);
                break;
            case Connecting when _attempt.IsOverdue(transport.Progress, Settings.ConnectTimeout, now):
                Lose(Unanswered("CONNACK"), now);
                break;
            case Subscribing when clock.GetElapsedTime(live.AcceptedAt, now) >= Settings.ConnectTimeout:
                Lose(Unanswered("SUBACK"), now);
                break;
            case Subscribing:
                AnnounceWhenSubscribed(now);
                break;
            case Connected:
                Keep(now);
                break;
        }
    }

    /// <summary>Publishes what is due.</summary>
    public void Publish(long now)
    {
        if (_state is Connected && features.HasWork)
        {
            live.Publish(onlyOld: _renewal.IsDue(now), now);
        }
    }

    /// <summary>The end: closes the connection, once it has carried what a callback has just decided, also one that disposes the client.</summary>
    public void Stop()
    {
        if (_state is Connected or Subscribing)
        {
            features.Answer(transport);
        }

        transport.Close(politely: true);
        if (_state is Connecting)
        {
            dialler.Gate?.Leave();
        }

        _state = Disconnected;
        dialler.Clock.Stop();
    }

    /// <summary>What a scheduler needs to know.</summary>
    public WorkStatus Status(bool moreToRead, long now) => _state switch
    {
        Disconnected => dialler.Status(now),
        Connecting or Subscribing => new WorkStatus(moreToRead, true, Remaining(_state is Connecting ? _attempt.MovedAt : live.AcceptedAt, now)),
        _ => new WorkStatus(moreToRead, live.AwaitsAnswer, live.NextDue(_renewal.NextDueAt, now)),
    };

    private void ConnectWhenDue(long now)
    {
        if (!dialler.TryDial(Settings, Credential, now, out ConnectRequest request))
        {
            return;
        }

        Move(ConnectionEvent.RetryDue, "the next attempt is due");
        HasTried = true;
        _attempt.Begin(now);
        _renewal.Begin(Credential.RenewAfter, now);
        live.Begin(Settings.KeepAliveSeconds, now);
        transport.Open(request);
    }

    private void Accept(long now)
    {
        Move(ConnectionEvent.Accepted, "CONNACK 0");
        dialler.WasAccepted = !_renewal.IsAsked; // Else it may be another credential by now.
        live.Accepted(now);
        AnnounceWhenSubscribed(now);
    }

    private void AnnounceWhenSubscribed(long now)
    {
        if (live.AskForSubscriptions(now))
        {
            Move(ConnectionEvent.SubscriptionsGranted, "every subscription is granted");
            live.Ready(now);
            _isStable = false;
            teller.Connected();
        }
    }

    private void Grant(in TransportEvent subscribed, long now)
    {
        if (live.Grant(subscribed) is { } fault)
        {
            Lose(fault, now);
        }
        else if (_state is Subscribing)
        {
            AnnounceWhenSubscribed(now);
        }
    }

    private void Keep(long now)
    {
        if (!_isStable && live.IsStable(now))
        {
            _isStable = true;
            dialler.Retry.Forget();
        }

        if (live.Keep(Settings.ConnectTimeout, now) is { } fault)
        {
            Lose(fault, now);
        }
        else if (_renewal.MayClose(features.IsInFlight, now))
        {
            Renew(now);
        }
        else if (live.Ping(now) is { } silence)
        {
            Lose(silence, now);
        }
    }

    private void Renew(long now)
    {
        features.Answer(transport); // On another connection the hub would not know them.
        transport.Close(politely: true);
        Move(ConnectionEvent.TokenExpiring, "the credential is due for renewal");
        features.EndConnection();
        dialler.Retry.AtOnce();
        teller.Renewing();
        if (!teller.IsSilent)
        {
            ConnectWhenDue(now); // In this turn, not the next one: the gap lasts until the hub answers again.
        }
    }

    private void Refuse(int code, long now)
    {
        transport.Close(politely: false);
        Move(ConnectionEvent.Refused, $"CONNACK {code}");
        _evictions.Failed();
        dialler.Refused(code, Credential, now);
    }

    private void Lose(in ConnectionFault fault, long now)
    {
        if (_state is Connecting)
        {
            _evictions.Failed();
        }
        else
        {
            _evictions.Ended(fault.Cause, live.AcceptedAt, now);
        }

        transport.Close(politely: false);
        Move(ConnectionEvent.LinkLost, fault.Detail);
        features.EndConnection();
        if (_evictions.IsSuspected)
        {
            _evictions.Waits(dialler.Evicted(_evictions.Evictions, now));
        }
        else
        {
            dialler.Lost(fault, _attempt.BeganAt, atOnce: Settings.Defect is Defect.NoBackoff, now);
        }
    }

    private ConnectionFault Unanswered(string packet) => new(ConnectionStatusReason.NoNetwork, $"no {packet} within {Settings.ConnectTimeout.TotalSeconds:0} s");

    private void Move(ConnectionEvent happened, string cause)
    {
        ConnectionState next = ConnectionTransitions.Next(_state, happened);
        logger.Moved(_state, next, cause);
        if (_state is Connecting)
        {
            dialler.Gate?.Leave();
        }

        _state = next;
    }

    private TimeSpan Remaining(long since, long now)
    {
        TimeSpan left = Settings.ConnectTimeout - clock.GetElapsedTime(since, now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
