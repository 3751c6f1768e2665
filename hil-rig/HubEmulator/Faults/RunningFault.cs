namespace HubEmulator.Faults;

/// <summary>A fault with its course and its chance. Members may be called from any thread; the desk alone moves its state.</summary>
internal sealed class RunningFault(long id, HubFault fault)
{
    private readonly Lock _guard = new();
    private readonly HashSet<string> _spentTokens = new(StringComparer.Ordinal);
    private readonly Random _random = new(fault.Seed);
    private long _strikes;

    public long Id { get; } = id;

    public HubFault Fault { get; } = fault;

    public HubFaultState State { get; set; } = HubFaultState.Waiting;

    public DateTimeOffset Begins { get; set; }

    public DateTimeOffset Ends { get; set; }

    /// <summary>Held by whoever moves the fault a step.</summary>
    public Lock Turn { get; } = new();

    /// <summary>Calls the desk for the next step.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>What <see cref="FaultDeeds"/> must undo at the end; null for nothing.</summary>
    public Action? Undo { get; set; }

    /// <summary>What it does again and again, for the kinds that do not look for connections each time; null for nothing.</summary>
    public Action? Repeat { get; set; }

    /// <summary>True when it means this client id, registration id or device of a path.</summary>
    public bool Concerns(string? identity) => Fault.DeviceId is null || Fault.DeviceId.Equals(identity, StringComparison.Ordinal);

    /// <summary>True when it means what comes over a protocol.</summary>
    /// <param name="protocol">Of the connection or request.</param>
    /// <param name="isRequest">True for a request over HTTPS, a WebSocket upgrade among them; false for what a connection carries.</param>
    public bool Covers(HubFaultProtocols protocol, bool isRequest = false)
    {
        bool isOfLayer = Fault.Kind != HubFaultKind.Refuse || isRequest == Fault.Status is not null;
        HubFaultProtocols usual = Fault.Status is null ? FaultRules.Devices : HubFaultProtocols.Https;
        return isOfLayer && (Fault.Protocols == HubFaultProtocols.None ? usual : Fault.Protocols).HasFlag(protocol);
    }

    /// <summary>True when it has struck as often as it may, and nothing of it lasts.</summary>
    public bool IsUsedUp
    {
        get
        {
            lock (_guard)
            {
                return IsCountReached && Fault.Kind is not (HubFaultKind.HalfOpen or HubFaultKind.ExpireTokens);
            }
        }
    }

    public bool Hits(HubFaultTargets target) => Fault.Targets == HubFaultTargets.None || Fault.Targets.HasFlag(target);

    /// <summary>Draws whether it strikes this time, and counts it if so.</summary>
    public bool Strikes()
    {
        bool strikes;
        lock (_guard)
        {
            strikes = !IsCountReached && (Fault.Probability >= 1 || _random.NextDouble() < Fault.Probability);
            _strikes += strikes ? 1 : 0;
        }

        CallDeskIfUsedUp(strikes);
        return strikes;
    }

    /// <summary>How late the next packet comes.</summary>
    public TimeSpan DrawLateness()
    {
        lock (_guard)
        {
            return Fault.Lateness + (Fault.Jitter * _random.NextDouble());
        }
    }

    /// <summary>Changes each byte with the fault's rate, and counts the bytes.</summary>
    public void Corrupt(Span<byte> bytes)
    {
        lock (_guard)
        {
            for (int index = 0; index < bytes.Length; index++)
            {
                if (!IsCountReached && _random.NextDouble() < Fault.Rate)
                {
                    bytes[index] ^= (byte)_random.Next(1, 256);
                    _strikes++;
                }
            }
        }

        CallDeskIfUsedUp(struck: true);
    }

    /// <summary>Takes a token out of use for as long as the fault lasts.</summary>
    public void Spend(string token)
    {
        lock (_guard)
        {
            _spentTokens.Add(token);
        }
    }

    public bool HasSpent(string token)
    {
        lock (_guard)
        {
            return _spentTokens.Contains(token);
        }
    }

    public HubFaultStatus Describe()
    {
        lock (_guard)
        {
            return new HubFaultStatus(Id, Fault, State, Begins, Ends, _strikes);
        }
    }

    private bool IsCountReached => Fault.Count is { } most && _strikes >= most;

    /// <summary>The desk ends it, not the packet or request that came by: that one may hold locks.</summary>
    private void CallDeskIfUsedUp(bool struck)
    {
        if (struck && IsUsedUp)
        {
            Timer?.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
