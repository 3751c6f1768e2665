using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Composition;
using Node.Host.Sensing;
using Node.Host.Spool;

namespace Node.Host.Automation;

/// <summary>
/// The alarms of one sensor: judges each reading as the chip gave it, drives actuators, and stores each change as an alarm. Needs no hub.
/// An alarm that the disk refuses is stored with a later reading. Any thread.
/// </summary>
internal sealed partial class SensorAlarms(
    SensorChannel sensor, ActuatorBank actuators, ReadingStore store, NodeClock clock, AlarmRecord record, ILogger logger)
{
    private const int MostUntold = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(SpoolEntry Entry, Threshold Threshold, AlarmState State)> _untold = new();
    private int _storing;
    private ThresholdMap? _map;
    private List<WatchedThreshold> _watched = [];
    private volatile Dictionary<string, AlarmState> _states = [];

    public SensorChannel Sensor => sensor;

    /// <summary>How each threshold stands, by its id; another dictionary after each change.</summary>
    public IReadOnlyDictionary<string, AlarmState> States => _states;

    /// <summary>Alarms raised since the start.</summary>
    public long Raised { get; private set; }

    /// <summary>Judges a reading. A value outside its plausible limits is not judged: a broken chip works no actuator.</summary>
    public async ValueTask JudgeAsync(JudgedReading reading, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ClockStamp now = clock.Stamp();
            Follow(now);
            foreach (WatchedThreshold watched in _watched)
            {
                JudgedValue value = reading.Values.FirstOrDefault(candidate => candidate.Quantity.Name == watched.Threshold.Quantity);
                if (value.Quantity is null || value.Quality == Quality.OutOfRange)
                {
                    continue;
                }

                TimeSpan past = watched.Watch.PastFor(now.Monotonic);
                if (watched.Judge(value, now.Monotonic, now.At))
                {
                    Tell(watched, watched.State.IsRaised ? "crossed" : "returned", watched.State.IsRaised ? watched.Watch.PastFor(now.Monotonic) : past, now);
                }
            }

            Publish();
        }

        await StoreAsync(cancellationToken);
    }

    /// <summary>Clears a latched alarm.</summary>
    /// <returns>Null when it is cleared; else why not.</returns>
    public async Task<AlarmRefusal?> ClearAsync(string id, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ClockStamp now = clock.Stamp();
            Follow(now);
            if (_watched.Find(candidate => candidate.Threshold.Id == id) is not { } watched)
            {
                return new AlarmRefusal(404, $"{sensor.Name} has no threshold '{id}'; {(_watched.Count == 0 ? "it has none" : $"known are {string.Join(", ", _watched.Select(known => known.Threshold.Id))}")}");
            }

            TimeSpan past = watched.Watch.PastFor(now.Monotonic);
            if (watched.State.IsRaised && !watched.Watch.TryClear())
            {
                return new AlarmRefusal(409, $"{sensor.Name} {id} is still past its limit; it can be cleared when the value is back behind limit and hysteresis");
            }

            if (watched.State.IsRaised)
            {
                watched.End(now.At - past);
                Tell(watched, "operator", past, now);
                Publish();
            }
        }

        await StoreAsync(cancellationToken);
        return null;
    }

    /// <summary>Takes over thresholds that were changed; one that stays as it was keeps its state.</summary>
    private void Follow(ClockStamp now)
    {
        ThresholdMap map = sensor.Setting.Thresholds;
        if (ReferenceEquals(map, _map))
        {
            return;
        }

        List<WatchedThreshold> before = _watched;
        _watched = [.. map.Thresholds.Select(threshold => before.Find(old => old.Threshold == threshold) ?? Begin(threshold))];
        foreach (WatchedThreshold gone in before.Where(old => old.State.IsRaised && !_watched.Contains(old)))
        {
            TimeSpan past = gone.Watch.PastFor(now.Monotonic);
            gone.End(now.At - past);
            Tell(gone, "removed", past, now);
        }

        _map = map;
    }

    private WatchedThreshold Begin(Threshold threshold) =>
        new(threshold, new AlarmDrive(sensor.Name, threshold, actuators, logger), record.Find(sensor.Name, threshold));

    private void Tell(WatchedThreshold watched, string cause, TimeSpan past, ClockStamp now)
    {
        AlarmState state = watched.State;
        var entry = new SpoolEntry(sensor.Name, now.At, now.IsSynced, Priority: 1, AlarmBody.Write(watched.Threshold, state, cause, past)) { Monotonic = now.Monotonic };
        if (_untold.Count == MostUntold)
        {
            _untold.Dequeue();
            LogForgotten(logger, sensor.Name);
        }

        _untold.Enqueue((entry, watched.Threshold, state));
        Raised += state.IsRaised ? 1 : 0;
        if (state.IsRaised)
        {
            LogRaised(logger, sensor.Name, watched.Threshold.Id, watched.Threshold.Quantity, state.Value, watched.Threshold.Limit, state.Drive ?? "nothing");
        }
        else
        {
            LogCleared(logger, sensor.Name, watched.Threshold.Id, cause, state.Value);
        }
    }

    /// <summary>
    /// The alarm first, then the note that it was told: a power cut between them tells it twice, never not at all. Whoever comes while
    /// another stores leaves its own to it.
    /// </summary>
    private async ValueTask StoreAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _storing, 1) != 0)
        {
            return;
        }

        try
        {
            while (TryPeek(out (SpoolEntry Entry, Threshold Threshold, AlarmState State) next) && await store.StoreAsync(next.Entry).WaitAsync(cancellationToken))
            {
                record.Keep(sensor.Name, next.Threshold, next.State);
                Forget(next.Entry);
            }
        }
        finally
        {
            Volatile.Write(ref _storing, 0);
        }
    }

    private bool TryPeek(out (SpoolEntry Entry, Threshold Threshold, AlarmState State) next)
    {
        lock (_gate)
        {
            return _untold.TryPeek(out next);
        }
    }

    /// <summary>Takes away what was stored, unless it was given up meanwhile.</summary>
    private void Forget(SpoolEntry stored)
    {
        lock (_gate)
        {
            if (_untold.TryPeek(out var oldest) && oldest.Entry == stored)
            {
                _untold.Dequeue();
            }
        }
    }

    private void Publish()
    {
        if (_states.Count != _watched.Count || _watched.Exists(watched => !_states.TryGetValue(watched.Threshold.Id, out AlarmState? shown) || shown != watched.State))
        {
            _states = _watched.ToDictionary(watched => watched.Threshold.Id, watched => watched.State);
        }
    }

    [LoggerMessage(EventId = 453, Level = LogLevel.Warning, Message = "Alarm {Sensor}.{Threshold}: {Quantity} is {Value}, past {Limit}; drives {Drive}")]
    private static partial void LogRaised(ILogger logger, string sensor, string threshold, string quantity, double value, double limit, string drive);

    [LoggerMessage(EventId = 454, Level = LogLevel.Information, Message = "Alarm {Sensor}.{Threshold} is cleared ({Cause}) at {Value}")]
    private static partial void LogCleared(ILogger logger, string sensor, string threshold, string cause, double value);

    [LoggerMessage(EventId = 455, Level = LogLevel.Error, Message = "Alarms of {Sensor} cannot be stored, and the oldest of them is given up")]
    private static partial void LogForgotten(ILogger logger, string sensor);
}

/// <summary>Why an alarm was not cleared.</summary>
/// <param name="Status">404 or 409.</param>
/// <param name="Reason">For people.</param>
internal sealed record AlarmRefusal(int Status, string Reason);
