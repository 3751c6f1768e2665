using Microsoft.Extensions.Logging;

namespace HubEmulator.Faults;

/// <summary>
/// Every fault from its order to its end. What is asked on the way of packets and requests finds the active ones here, and nothing costs anything
/// while there are none. At most <see cref="MostPending"/> have not ended, and <see cref="MostEnded"/> that have are still told of.
/// </summary>
internal sealed partial class FaultDesk(TimeProvider clock, ILogger log) : IDisposable
{
    public const int MostPending = 100;
    public const int MostEnded = 100;
    private const string EveryDevice = "*";
    private static readonly TimeSpan BetweenTakeOvers = TimeSpan.FromSeconds(5);

    private readonly Lock _guard = new();
    private readonly List<RunningFault> _all = [];
    private volatile RunningFault[] _active = [];
    private FaultDeeds? _deeds;
    private long _lastId;

    /// <summary>Where beginnings and ends are told.</summary>
    public HubEventLog Events { get; init; } = new();

    /// <summary>True while no fault is in force.</summary>
    public bool IsQuiet => _active.Length == 0;

    /// <summary>Says who does what a fault does by itself; before the first fault.</summary>
    public void Bind(FaultDeeds deeds) => _deeds = deeds;

    /// <summary>Takes a fault that keeps the rules, without letting it begin.</summary>
    /// <returns>Null when too many have not ended.</returns>
    public RunningFault? TryAdd(HubFault fault)
    {
        lock (_guard)
        {
            if (_all.Count(running => running.State != HubFaultState.Ended) >= MostPending)
            {
                return null;
            }

            var added = new RunningFault(++_lastId, fault) { Begins = clock.GetUtcNow() + fault.After };
            added.Ends = added.Begins + (fault is { Kind: HubFaultKind.Drop, Every: null } ? TimeSpan.Zero : fault.For);
            _all.Add(added);
            return added;
        }
    }

    /// <summary>Starts its time; without a wait it is in force when this returns.</summary>
    public void Arm(RunningFault fault)
    {
        fault.Timer = clock.CreateTimer(_ => Step(fault), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Step(fault);
    }

    /// <summary>Ends a fault before its time.</summary>
    /// <returns>False when there is none of that number, or it has ended.</returns>
    public bool TryEnd(long id)
    {
        RunningFault? found;
        lock (_guard)
        {
            found = _all.Find(fault => fault.Id == id);
        }

        return found is not null && End(found);
    }

    /// <summary>All that are not over, and the last of those that are, by their numbers.</summary>
    public IReadOnlyList<HubFaultStatus> List()
    {
        lock (_guard)
        {
            return _all.ConvertAll(fault => fault.Describe());
        }
    }

    /// <summary>The first active fault of a kind that concerns an identity, without drawing.</summary>
    public RunningFault? Find(HubFaultKind kind, string? identity, HubFaultProtocols protocol) =>
        Array.Find(_active, fault => fault.Fault.Kind == kind && fault.Concerns(identity) && fault.Covers(protocol));

    /// <summary>The first active fault of a kind that concerns an identity and strikes.</summary>
    public RunningFault? Strike(HubFaultKind kind, string? identity, HubFaultTargets target) =>
        Array.Find(_active, fault => fault.Fault.Kind == kind && fault.Concerns(identity) && fault.Hits(target) && fault.Strikes());

    /// <summary>The same, of those that cover what a connection carries.</summary>
    public RunningFault? Strike(HubFaultKind kind, string? identity, HubFaultProtocols protocol) =>
        Array.Find(_active, fault => fault.Fault.Kind == kind && fault.Concerns(identity) && fault.Covers(protocol) && fault.Strikes());

    /// <summary>True when something that a connection carries is to be doubled.</summary>
    public bool StrikeDouble(string? identity, HubFaultProtocols protocol, HubFaultTargets target) =>
        Array.Exists(_active, fault => fault.Fault.Kind == HubFaultKind.Duplicate && fault.Concerns(identity) && fault.Covers(protocol) && fault.Hits(target) && fault.Strikes());

    /// <summary>The same, of those that cover a request over HTTPS.</summary>
    public RunningFault? StrikeRequest(HubFaultKind kind, string? identity, HubFaultProtocols protocol) =>
        Array.Find(_active, fault => fault.Fault.Kind == kind && fault.Concerns(identity) && fault.Covers(protocol, isRequest: true) && fault.Strikes());

    /// <summary>True when a fault has spent the token.</summary>
    public bool IsSpent(string token) => Array.Exists(_active, fault => fault.HasSpent(token));

    public void Dispose()
    {
        RunningFault[] all;
        lock (_guard)
        {
            all = [.. _all];
        }

        Array.ForEach(all, fault => End(fault));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Fault {Id} begins: {Fault}.")]
    private partial void LogBegan(long id, HubFault fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Fault {Id}, {Kind}, is over; it has struck {Strikes} times.")]
    private partial void LogEnded(long id, HubFaultKind kind, long strikes);

    /// <summary>Begins, strikes again, or ends, by the clock; then waits for the next of these.</summary>
    private void Step(RunningFault fault)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (fault.Turn)
        {
            if (fault.State == HubFaultState.Ended)
            {
                return;
            }

            bool begins = fault.State == HubFaultState.Waiting && now >= fault.Begins;
            if (begins)
            {
                Begin(fault);
            }
            else if (fault.State == HubFaultState.Active && now < fault.Ends && !fault.IsUsedUp)
            {
                _deeds?.Repeat(fault);
            }

            DateTimeOffset next = fault.State == HubFaultState.Waiting ? fault.Begins : Earliest(fault.Ends, now + Period(fault));
            fault.Timer?.Change(next > now ? next - now : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        if (now >= fault.Ends || fault.IsUsedUp)
        {
            End(fault);
        }
    }

    private void Begin(RunningFault fault)
    {
        LogBegan(fault.Id, fault.Fault);
        Tell(fault, HubEventKind.FaultBegan, $"seed {fault.Fault.Seed}, until {Times.Stamp(fault.Ends)}");
        Move(fault, HubFaultState.Active);
        _deeds?.Begin(fault);
    }

    private bool End(RunningFault fault)
    {
        lock (fault.Turn)
        {
            if (fault.State == HubFaultState.Ended)
            {
                return false;
            }

            fault.Timer?.Dispose();
            fault.Ends = Earliest(fault.Ends, clock.GetUtcNow());
            Move(fault, HubFaultState.Ended);
            fault.Undo?.Invoke();
        }

        long strikes = fault.Describe().Strikes;
        LogEnded(fault.Id, fault.Fault.Kind, strikes);
        Tell(fault, HubEventKind.FaultEnded, $"struck {strikes} times");
        return true;
    }

    private void Tell(RunningFault fault, HubEventKind kind, string more) =>
        Events.Append(clock.GetUtcNow(), kind, fault.Fault.DeviceId ?? EveryDevice, $"fault {fault.Id}, {FaultNames.Of(fault.Fault.Kind)}, {more}");

    private void Move(RunningFault fault, HubFaultState state)
    {
        lock (_guard)
        {
            fault.State = state;
            _active = [.. _all.Where(running => running.State == HubFaultState.Active)];
            while (_all.Count(running => running.State == HubFaultState.Ended) > MostEnded)
            {
                _all.Remove(_all.First(running => running.State == HubFaultState.Ended));
            }
        }
    }

    private static TimeSpan Period(RunningFault fault) => fault.Fault.Kind switch
    {
        HubFaultKind.Drop => fault.Fault.Every ?? fault.Fault.For,
        HubFaultKind.TakeOver => fault.Fault.Every ?? BetweenTakeOvers,
        _ => fault.Fault.For,
    };

    private static DateTimeOffset Earliest(DateTimeOffset left, DateTimeOffset right) => left < right ? left : right;
}
