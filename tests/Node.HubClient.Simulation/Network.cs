namespace Node.HubClient.Simulation;

/// <summary>The weather between device and hub, and the connections through it.</summary>
internal sealed class Network(VirtualClock clock, Random random, Timeline timeline)
{
    /// <summary>Dials are refused at once.</summary>
    public bool IsDown { get; set; }

    /// <summary>Dials vanish: no answer, ever.</summary>
    public bool IsBlackHole { get; set; }

    /// <summary>The device's side takes no bytes.</summary>
    public bool IsStalled { get; set; }

    /// <summary>Most time one packet takes one way.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The newest connection; null before the first.</summary>
    public Connection? Current { get; private set; }

    /// <summary>Connections so far.</summary>
    public int Dials { get; private set; }

    /// <summary>Begins a connection.</summary>
    public Connection Dial()
    {
        Dials++;
        Current = new Connection(clock, this) { IsRefused = IsDown, IsSwallowing = IsBlackHole };
        timeline.Note("dial", Dials);
        return Current;
    }

    /// <summary>One way's delay.</summary>
    public TimeSpan Delay() => Latency * random.NextDouble();

    /// <summary>Clear weather.</summary>
    public void Heal()
    {
        IsDown = false;
        IsBlackHole = false;
        IsStalled = false;
        Latency = TimeSpan.FromMilliseconds(20);
    }
}

/// <summary>A packet under way.</summary>
/// <param name="At">When it arrives.</param>
/// <param name="Type">MQTT packet type.</param>
/// <param name="Id">Packet id, or CONNACK code.</param>
/// <param name="Topic">Topic, or token of a CONNECT.</param>
/// <param name="Payload">Payload, or return codes.</param>
/// <param name="Filters">Filters of a SUBSCRIBE.</param>
internal sealed record Packet(TimeSpan At, int Type, ushort Id, string Topic, byte[] Payload, string[] Filters);

/// <summary>One connection: two lines of packets in order.</summary>
internal sealed class Connection(VirtualClock clock, Network network)
{
    private TimeSpan _lastUp;
    private TimeSpan _lastDown;

    /// <summary>Refused at the door.</summary>
    public bool IsRefused { get; set; }

    /// <summary>Half-open: packets vanish in both directions and nobody is told.</summary>
    public bool IsSwallowing { get; set; }

    /// <summary>Cut by the network or the hub; the device learns of it when it reads.</summary>
    public bool IsCut { get; set; }

    /// <summary>Closed by the hub in an orderly way, which the device can tell from a network that broke.</summary>
    public bool IsDropped { get; set; }

    /// <summary>Closed by the device.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Device to hub.</summary>
    public Queue<Packet> Up { get; } = new();

    /// <summary>Hub to device.</summary>
    public Queue<Packet> Down { get; } = new();

    /// <summary>Telemetry published on this connection and not yet acknowledged to the device.</summary>
    public HashSet<ushort> Unacknowledged { get; } = [];

    /// <summary>Filters granted on this connection.</summary>
    public HashSet<string> Granted { get; } = [];

    /// <summary>Whether the hub has accepted the device on it.</summary>
    public bool IsAccepted { get; set; }

    /// <summary>Sends towards the hub.</summary>
    public void SendUp(int type, ushort id, string topic, byte[] payload, string[]? filters = null)
    {
        if (!IsSwallowing && !IsCut)
        {
            _lastUp = Later(_lastUp, TimeSpan.Zero);
            Up.Enqueue(new Packet(_lastUp, type, id, topic, payload, filters ?? []));
        }
    }

    /// <summary>Sends towards the device.</summary>
    public void SendDown(int type, ushort id, string topic, byte[] payload, TimeSpan extra = default)
    {
        if (!IsSwallowing && !IsCut && !IsClosed)
        {
            _lastDown = Later(_lastDown, extra);
            Down.Enqueue(new Packet(_lastDown, type, id, topic, payload, []));
        }
    }

    private TimeSpan Later(TimeSpan last, TimeSpan extra)
    {
        TimeSpan arrival = clock.Now + network.Delay() + extra;
        return arrival > last ? arrival : last; // TCP: what was sent later never arrives earlier.
    }
}
