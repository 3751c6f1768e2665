using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Methods;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>
/// Owns the hub client: each turn hands it what is due and lets it work. Turns never overlap, whoever calls for them; every callback of
/// the client runs inside one.
/// </summary>
internal sealed partial class HubLoop : IDisposable
{
    private const int MostRounds = 64; // A turn gives the thread back even under a flood.

    /// <summary>Between the ends of two turns at most, unless something in a turn hangs; the cadence asks for one every ten seconds at least.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500); // for a turn's end, when all ends
    private static readonly TimeSpan ClockWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly IHubClient _client;
    private readonly HubLink _link;
    private readonly NodeClock _clock;
    private readonly NodeTwin _twin;
    private readonly ILogger _logger;
    private long _turnedAt;
    private bool _disposed;
    private bool _happened; // In this round, something that the node may have an answer to.

    public HubLoop(IHubClient client, HubLink link, TelemetrySender telemetry, ReportedSender reported, NodeTwin twin, MethodRouter methods, NodeClock clock, ILogger logger)
    {
        _client = client;
        _link = link;
        _clock = clock;
        _twin = twin;
        _logger = logger;
        _turnedAt = clock.Time.GetTimestamp();
        Telemetry = telemetry;
        Reported = reported;
        client.Register(
            (change, _) =>
            {
                _happened = true;
                link.Changed(change);
                if (link.IsAuthenticated)
                {
                    telemetry.Connected();
                }

                reported.Restart();
            },
            (state, json, _) =>
            {
                _happened = true;
                twin.Receive(state, json);
            },
            (call, answer) =>
            {
                _happened = true;
                methods.Invoke(call, "hub", response =>
                {
                    answer(response);
                    AnswerWaits?.Invoke();
                });
            });
    }

    /// <summary>Told that a method's answer waits to be sent, in a turn or outside of one. Any thread.</summary>
    public Action? AnswerWaits { get; set; }

    public TelemetrySender Telemetry { get; }

    /// <summary>Whether turns end. Any thread, also while one hangs.</summary>
    public bool IsTurning => _clock.Time.GetElapsedTime(Volatile.Read(ref _turnedAt)) < LongestSilence;

    private ReportedSender Reported { get; }

    /// <summary>Whether telemetry or a reported patch waits for its confirmation.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_gate)
            {
                return !_disposed && (_client.IsBusy || Reported.IsUnderWay);
            }
        }
    }

    /// <summary>Works until nothing is left that can be done at once, or a bound is reached.</summary>
    /// <returns>What the client said last, with more to do when the bound ended the turn.</returns>
    public WorkStatus Turn()
    {
        lock (_gate)
        {
            WorkStatus status = default;
            for (int round = 0; round < MostRounds && !_disposed; round++)
            {
                status = Round(out bool more);
                Volatile.Write(ref _turnedAt, _clock.Time.GetTimestamp());
                if (!more)
                {
                    return status;
                }
            }

            return status with { MoreToDo = !_disposed };
        }
    }

    /// <summary>Reads what belongs to the turns, between two of them. Any thread.</summary>
    public T Between<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    /// <summary>Ends the connection; what is unconfirmed goes back to the spool. Does nothing while a turn hangs: the process is about to end.</summary>
    public void Dispose()
    {
        if (!_gate.TryEnter(LongestWait))
        {
            return;
        }

        try
        {
            if (!_disposed)
            {
                _disposed = true;
                _client.Dispose();
                LogEnded(_logger, Telemetry.Sent, Telemetry.Confirmed);
            }
        }
        finally
        {
            _gate.Exit();
        }
    }

    private WorkStatus Round(out bool more)
    {
        _happened = more = false;
        _clock.Stamp(); // Without sensors too, somebody has to notice that the clock has become right.
        if (!_link.IsAuthenticated && !_clock.IsPlausible)
        {
            _link.WaitForClock(); // A token signed now would be refused, and no certificate could be judged.
            return new WorkStatus(false, false, ClockWait);
        }

        _twin.Refresh();
        bool handedOver = _link.IsAuthenticated && (Reported.SendDifference() | Telemetry.Fill() > 0);
        (int outstanding, bool answerDue) = (Telemetry.Outstanding, Reported.IsUnderWay);
        WorkStatus status = _client.DoWork();
        _twin.NoteHeld();
        bool ended = Telemetry.Outstanding < outstanding || (answerDue && !Reported.IsUnderWay); // There is room for what waits.
        more = status.MoreToDo || handedOver || _happened || ended;
        return status;
    }

    [LoggerMessage(EventId = 130, Level = LogLevel.Information, Message = "Hub client closed; readings sent since the start: {Sent}, confirmed: {Confirmed}")]
    private static partial void LogEnded(ILogger logger, long sent, long confirmed);
}
