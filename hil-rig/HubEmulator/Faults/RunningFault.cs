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

    public bool Hits(HubFaultTargets target) => Fault.Targets == HubFaultTargets.None || Fault.Targets.HasFlag(target);

    /// <summary>Draws whether it strikes this time, and counts it if so.</summary>
    public bool Strikes()
    {
        lock (_guard)
        {
            bool strikes = Fault.Probability >= 1 || _random.NextDouble() < Fault.Probability;
            _strikes += strikes ? 1 : 0;
            return strikes;
        }
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
                if (_random.NextDouble() < Fault.Rate)
                {
                    bytes[index] ^= (byte)_random.Next(1, 256);
                    _strikes++;
                }
            }
        }
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
}
