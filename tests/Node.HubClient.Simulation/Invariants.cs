namespace Node.HubClient.Simulation;

/// <summary>What must hold after every step, and the books it is checked against.</summary>
internal sealed class Invariants(VirtualClock clock, Network network, Timeline timeline, int window)
{
    private const int DialsPerMinute = 70;
    private readonly Dictionary<long, int> _confirmations = [];
    private readonly Queue<TimeSpan> _dials = new();
    private int _knownDials;
    private int _checkedArrivals;
    private bool _isAuthenticated;
    private bool _isFirstStatus = true;

    /// <summary>The first broken invariant; null while all hold.</summary>
    public string? Broken { get; private set; }

    /// <summary>Whether the client says that it is connected.</summary>
    public bool IsAuthenticated => _isAuthenticated;

    /// <summary>Confirmations with another result than Ok, of clients that were not disposed.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Breaks an invariant.</summary>
    public void Break(string invariant)
    {
        timeline.Note($"BROKEN: {invariant}");
        Broken ??= invariant;
    }

    /// <summary>The device put a QoS 1 message on the wire.</summary>
    public void Published(Connection connection, ushort packetId, bool duplicate)
    {
        if (!connection.Unacknowledged.Add(packetId) && !duplicate)
        {
            Break($"packet id {packetId} was used again while in flight");
        }

        if (connection.Unacknowledged.Count > window)
        {
            Break($"{connection.Unacknowledged.Count} messages in flight, the window is {window}");
        }

        if (!connection.IsAccepted)
        {
            Break("telemetry was published before the hub accepted the device");
        }
    }

    /// <summary>A message ended.</summary>
    public void Confirmed(long number, SendConfirmation result, SimulatedHub hub)
    {
        int count = _confirmations[number] = _confirmations.GetValueOrDefault(number) + 1;
        if (count > 1)
        {
            Break($"message {number} was confirmed {count} times");
        }

        if (result is SendConfirmation.Ok && !hub.Stored.Contains(number))
        {
            Break($"message {number} was confirmed but the hub does not have it");
        }

        GivenUp += result is SendConfirmation.Ok or SendConfirmation.BecauseDestroy ? 0 : 1;
    }

    /// <summary>Whether a message has ended.</summary>
    public bool HasEnded(long number) => _confirmations.ContainsKey(number);

    /// <summary>A message goes to a new client after a crash: it may end again.</summary>
    public void StartsAnew(long number) => _confirmations.Remove(number);

    /// <summary>The client announced a status.</summary>
    public void Announced(ConnectionStatusChange change)
    {
        bool authenticated = change.Status is ConnectionStatus.Authenticated;
        timeline.Note($"{change.Status} {change.Reason}: {change.Detail}");
        if (authenticated && _isAuthenticated)
        {
            Break("connected was announced twice");
        }

        if (authenticated && network.Current is not { IsAccepted: true })
        {
            Break("connected was announced without an accepted connection");
        }

        if (!authenticated && !_isAuthenticated && !_isFirstStatus && change.Reason is ConnectionStatusReason.ExpiredSasToken)
        {
            Break("a renewal was announced while not connected");
        }

        _isFirstStatus = false;
        _isAuthenticated = authenticated;
    }

    /// <summary>A new client begins.</summary>
    public void ClientStarted()
    {
        _isAuthenticated = false;
        _isFirstStatus = true;
    }

    /// <summary>Checks what can be seen from outside after a step.</summary>
    public void Check(SimulatedHub hub)
    {
        for (; _knownDials < network.Dials; _knownDials++)
        {
            _dials.Enqueue(clock.Now);
        }

        while (_dials.TryPeek(out TimeSpan oldest) && clock.Now - oldest > TimeSpan.FromMinutes(1))
        {
            _dials.Dequeue();
        }

        if (_dials.Count > DialsPerMinute)
        {
            Break($"{_dials.Count} attempts within a minute");
        }

        for (; _checkedArrivals < hub.Arrived.Count; _checkedArrivals++)
        {
            if (_checkedArrivals > 0 && hub.Arrived[_checkedArrivals] < hub.Arrived[_checkedArrivals - 1])
            {
                Break($"message {hub.Arrived[_checkedArrivals]} arrived after {hub.Arrived[_checkedArrivals - 1]}");
            }
        }
    }
}
