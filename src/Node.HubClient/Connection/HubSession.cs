using Microsoft.Extensions.Logging;
using Node.HubClient.Dialect;
using Node.HubClient.Features;

namespace Node.HubClient.Connection;

/// <summary>
/// The client's core: events of the transport and the passing of time go in, decisions come out. It knows no socket, no
/// thread and no clock but the instant of the turn.
/// </summary>
internal sealed class HubSession
{
    private const int EventsPerTurn = 4_096;

    private readonly IMqttTransport _transport;
    private readonly Callbacks _callbacks;
    private readonly StatusTeller _teller;
    private readonly Dialler _dialler;
    private readonly ConnectionCycle _cycle;
    private bool _moreToRead;
    private bool _stopRequested;

    /// <summary>Joins the parts; nothing moves before the first turn.</summary>
    public HubSession(SessionSettings settings, IMqttTransport transport, Credential credential, TimeProvider clock, Random random, ILogger logger, ConnectGate? gate = null)
    {
        _transport = transport;
        _callbacks = new Callbacks(logger);
        Dialect = new HubDialect(new Protocol.HubIdentity(settings.HostName, settings.DeviceId, settings.ModuleId));
        Features = new FeatureSet(settings, Dialect, _callbacks, clock, logger);
        Retries = new RetrySchedule(random);
        _teller = new StatusTeller(settings.HostName, Dialect.ClientId, _callbacks, () => StopRequested);
        _dialler = new Dialler(Dialect, Retries, _teller, clock, gate);
        var live = new LiveConnection(transport, Dialect, Features, clock, settings.Defect);
        _cycle = new ConnectionCycle(transport, Features, live, _dialler, _teller, clock, logger) { Settings = settings, Credential = credential };
    }

    /// <summary>What the service speaks.</summary>
    public HubDialect Dialect { get; }

    /// <summary>What is under way on this connection or waits for one.</summary>
    public FeatureSet Features { get; }

    /// <summary>How waits between attempts grow.</summary>
    public RetrySchedule Retries { get; }

    /// <summary>How the identity proves itself.</summary>
    public Credential Credential => _cycle.Credential;

    /// <summary>The settings in force; new ones count from the next attempt on.</summary>
    public SessionSettings Settings
    {
        get => _cycle.Settings;
        set => _cycle.Settings = value;
    }

    /// <summary>Tells a wrong clock from a wrong key; null for nobody to ask.</summary>
    public ClockProbe? Probe
    {
        get => _dialler.Clock.Probe;
        set => _dialler.Clock.Probe = value;
    }

    /// <summary>Whether something waits that a turn would move on now.</summary>
    public bool HasUnsent => _cycle.HasUnsent;

    /// <summary>Whether an attempt has ever been made.</summary>
    public bool HasTried => _cycle.HasTried;

    /// <summary>Set from a callback that disposes the client: the turn ends as soon as it can.</summary>
    public bool StopRequested
    {
        get => Volatile.Read(ref _stopRequested);
        set => Volatile.Write(ref _stopRequested, value);
    }

    /// <summary>Registers for connection events.</summary>
    public void RegisterStatus(ConnectionStatusCallback? callback, object? context) => _teller.Register(callback, context);

    /// <summary>Sets the retry policy and forgets earlier failures: who waits or had given up tries at once.</summary>
    public void SetRetryPolicy(RetryPolicy policy, TimeSpan limit)
    {
        Retries.Set(policy, limit);
        _dialler.Restart(isDown: _cycle.IsDown);
    }

    /// <summary>Takes another credential and comes back with it.</summary>
    public void SetCredential(Credential credential)
    {
        _cycle.Credential = credential;
        _dialler.WasAccepted = false;
        Reconnect();
    }

    /// <summary>A live connection is closed when nothing is in flight, and opened again at once; who waits to retry tries at once.</summary>
    public void Reconnect()
    {
        _cycle.AskForRenewal();
        _dialler.TryAtOnce();
    }

    /// <summary>Drops a filter that nobody wants any more.</summary>
    public void Unsubscribe(Filters filter) => _cycle.Unsubscribe(filter);

    /// <summary>One turn at one instant.</summary>
    public WorkStatus Turn(long now)
    {
        Features.Telemetry.BeginTurn(now);
        Receive(now);
        Features.Telemetry.ExpireWaiting(now, _callbacks);
        if (!StopRequested)
        {
            _cycle.Advance(now);
        }

        if (!StopRequested)
        {
            _cycle.Publish(now);
        }

        _transport.Flush();
        return _cycle.Status(_moreToRead, now);
    }

    /// <summary>Ends the connection and completes everything that is pending, oldest first.</summary>
    public void Stop()
    {
        _cycle.Stop();
        Features.Abandon();
    }

    private void Receive(long now)
    {
        int events = 0;
        _moreToRead = false;
        while (!_cycle.IsDown && !StopRequested && _transport.TryRead(out TransportEvent happened))
        {
            if (_cycle.Takes(happened, now))
            {
                Handle(happened, now);
            }

            if (++events == EventsPerTurn)
            {
                _moreToRead = true;
                return;
            }
        }
    }

    private void Handle(in TransportEvent traffic, long now)
    {
        if (traffic.Kind is TransportEventKind.PublishAcknowledged)
        {
            Features.Telemetry.Acknowledge(traffic.PacketId, now, _callbacks);
        }
        else if (traffic.Kind is TransportEventKind.Published)
        {
            Features.Dispatch(traffic, now);
        }
    }
}
