using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Observability;
using Node.Host.Spool;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Sensing;

/// <summary>
/// One sensor from bus to spool. A fault stays inside, and so does a chip that hangs: it is logged once, shown as status and retried with
/// growing pauses from a fresh initialisation. Any thread; measurements never overlap.
/// </summary>
internal sealed partial class SensorChannel : IDisposable
{
    private const int FailuresUntilFailed = 3;

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastLate = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly GuardedSensor _chip;
    private readonly ReadingPipeline _pipeline;
    private readonly ReadingStore _store;
    private readonly NodeClock _clock;
    private readonly ILogger _logger;
    private readonly SensingMeter? _meter;
    private long _failedAt;
    private long _attemptedAt;
    private long _attemptedTicks;
    private long _filteredOut;
    private int _restarts;
    private int _longUses;
    private volatile SensorStatus _status = SensorStatus.Initial;
    private volatile SensorSetting _setting;

    /// <summary>Makes the channel; the bus is opened by the first measurement, so that an absent chip is a fault and no failed start.</summary>
    public SensorChannel(SensorOptions options, Func<ISensor> open, ReadingStore store, NodeClock clock, ILogger logger, Offload? offload = null, SensingMeter? meter = null)
    {
        Options = options;
        _meter = meter;
        _chip = new GuardedSensor(options, open, clock.Time, offload ?? Task.Run, logger);
        _pipeline = new ReadingPipeline(options, options.Filters.Settings, clock.Time);
        _store = store;
        _clock = clock;
        _logger = logger;
        _setting = new SensorSetting(options.Interval, options.Enabled, options.Cron) { Filters = options.Filters, Ranges = RangeMap.Of(options.Quantities), Thresholds = options.Thresholds };
        NoteAttempt();
    }

    public SensorOptions Options { get; }

    public string Name => Options.Name;

    public SensorStatus Status => _status;

    /// <summary>Told of each reading, its values raw and filtered, on the thread that took it; must be quick.</summary>
    public Action<SensorChannel, JudgedReading>? Read { get; set; }

    /// <summary>Told of each measurement before it is stored, whatever the filters make of it. Set before the first.</summary>
    public Func<JudgedReading, CancellationToken, ValueTask>? Measured { get; set; }

    /// <summary>Readings since the start that the filters held back as a whole.</summary>
    public long FilteredOut => Interlocked.Read(ref _filteredOut);

    /// <summary>How often its schedule was begun anew because it stood still.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Whether the schedule stands still: for two intervals and five seconds, or five seconds after the calendar's instant.</summary>
    public bool IsOverdue => Setting.Enabled && (Setting.Cron is { } cron
        ? cron.After(new DateTimeOffset(Interlocked.Read(ref _attemptedTicks), TimeSpan.Zero)) + Slack < _clock.UtcNow && SinceAttempt > Slack
        : SinceAttempt > (2 * Setting.Interval) + Slack);

    /// <summary>
    /// Whether no sample was begun for two intervals (three seconds at least) although none is under way: earlier than <see cref="IsOverdue"/>, for health. A chip that hangs is a fault of its own.
    /// </summary>
    public bool IsLate => Setting is { Enabled: true, Cron: null } setting && _turn.CurrentCount > 0 && SinceAttempt > LeastLate && SinceAttempt >= 2 * setting.Interval;

    /// <summary>How it is sampled from now on; the schedule follows. Enabling it gives one that was ignored another chance.</summary>
    public SensorSetting Setting
    {
        get => _setting;
        set
        {
            bool enabledAnew = value.Enabled && !_setting.Enabled;
            if (!ReferenceEquals(value.Filters, _setting.Filters))
            {
                _pipeline.Apply(value.Filters.Settings);
            }

            if (!ReferenceEquals(value.Ranges, _setting.Ranges))
            {
                _pipeline.Apply(value.Ranges);
            }

            _setting = value;
            NoteAttempt(); // A shorter interval is not overdue since the longer one's last sample.
            if (enabledAnew && _status.State == SensorState.Ignored)
            {
                _status = SensorStatus.Initial;
            }
        }
    }

    /// <summary>Time since the last scheduled attempt, or since the channel was made.</summary>
    public TimeSpan SinceAttempt => _clock.Time.GetElapsedTime(Volatile.Read(ref _attemptedAt));

    /// <summary>A scheduled sample: measures and stores, unless disabled, ignored, pausing after a fault or in use for long. Throws for nothing but cancellation.</summary>
    public async ValueTask SampleAsync(CancellationToken cancellationToken)
    {
        NoteAttempt();
        if (!Setting.Enabled || _status.State == SensorState.Ignored || Volatile.Read(ref _longUses) > 0 || IsPausing() || _stop.IsCancellationRequested)
        {
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        try
        {
            await MeasureAsync(stop.Token, cancellationToken);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            LogGivenUp(_logger, Name);
        }
    }

    /// <summary>Gives up a scheduled sample that is under way, and begins none any more: nobody who stops waits for a slow chip, or for one that hangs.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Measures and stores now, whatever the schedule says.</summary>
    /// <returns>The status afterwards: the reading is new when <see cref="SensorStatus.State"/> is <see cref="SensorState.Ok"/>.</returns>
    public Task<SensorStatus> MeasureAsync(CancellationToken cancellationToken) => MeasureAsync(cancellationToken, cancellationToken);

    /// <summary>Does something with the chip between two measurements, opening and initialising it first where needed.</summary>
    /// <exception cref="SensorException">The chip does not answer, or not in time.</exception>
    /// <exception cref="IOException">The bus failed.</exception>
    public async Task<T> UseAsync<T>(Func<ISensor, CancellationToken, Task<T>> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await _chip.UseAsync((chip, stop) => new ValueTask<T>(use(chip, stop)), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>As <see cref="UseAsync"/>, for something that takes longer than a measurement may; scheduled samples are left out meanwhile.</summary>
    /// <param name="use">What is done.</param>
    /// <param name="duration">How long it takes by itself; the sensor's timeout comes on top.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SensorException">The chip does not answer, or not in time.</exception>
    /// <exception cref="IOException">The bus or the disk failed.</exception>
    public async Task<T> UseLongAsync<T>(Func<ISensor, CancellationToken, Task<T>> use, TimeSpan duration, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _longUses);
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                return await _chip.UseAsync((chip, stop) => new ValueTask<T>(use(chip, stop)), cancellationToken, duration);
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _longUses);
        }
    }

    /// <summary>Gives filters that bring values out by themselves (heartbeat, throttle_average, debounce, timeout) their turn. Waits for no measurement.</summary>
    public ValueTask AdvanceAsync(CancellationToken cancellationToken) =>
        Setting.Enabled ? StoreAsync(_pipeline.Advance(isStale: _status.Failures > 0), cancellationToken) : ValueTask.CompletedTask;

    /// <summary>The schedule was begun anew.</summary>
    public void NoteRestart() => Interlocked.Increment(ref _restarts);

    public void Dispose()
    {
        _chip.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    /// <summary>As the public one; what was read once is judged and stored although the chip is not waited for any more.</summary>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a driver throws is that sensor's failure: it is shown and retried, and stops no other.")]
    private async Task<SensorStatus> MeasureAsync(CancellationToken chipStops, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(chipStops);
        using Activity? span = NodeTraces.Source.StartActivity("sample");
        span?.SetTag("hw.id", Name);
        try
        {
            PipelineOutput output = _pipeline.Work(Finite(await TimedAsync(chipStops)));
            Succeeded(output.Latest, _clock.UtcNow);
            Read?.Invoke(this, output.Latest);
            if (Measured is { } measured)
            {
                await measured(output.Latest, cancellationToken);
            }

            await StoreAsync(output.Out, cancellationToken);
            if (!output.Latest.GoesOut)
            {
                Interlocked.Increment(ref _filteredOut);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !chipStops.IsCancellationRequested)
        {
            string reason = failure is SensorException or IOException or ArgumentException ? failure.Message : $"{failure.GetType().Name}: {failure.Message}";
            span.Fail(reason);
            Failed(reason);
        }
        finally
        {
            _turn.Release();
        }

        return _status;
    }

    private async ValueTask StoreAsync(IReadOnlyList<JudgedReading> readings, CancellationToken cancellationToken)
    {
        foreach (JudgedReading reading in readings)
        {
            ClockStamp now = _clock.Stamp();
            var entry = new SpoolEntry(Name, now.At, now.IsSynced, Priority: 0, ReadingBody.Write(reading))
            {
                Monotonic = now.Monotonic,
                Quality = QualityName.Of(reading.Quality),
            };
            await _store.AcceptAsync(entry, cancellationToken);
        }
    }

    private async Task<SensorReading> TimedAsync(CancellationToken cancellationToken)
    {
        long from = _clock.Time.GetTimestamp();
        Exception? failure = null;
        try
        {
            return await _chip.MeasureAsync(cancellationToken);
        }
        catch (Exception thrown)
        {
            failure = thrown;
            throw;
        }
        finally
        {
            _meter?.Measured(Name, _clock.Time.GetElapsedTime(from), failure);
        }
    }

    private SensorReading Finite(SensorReading reading)
    {
        foreach (QuantityValue value in reading.Values)
        {
            if (!double.IsFinite(value.Value))
            {
                throw new SensorException(SensorFault.OutOfRange, $"{Name}: {value.Quantity.Name} is no finite number; check the chip.");
            }
        }

        return reading;
    }

    private bool IsPausing()
    {
        SensorStatus status = _status;
        return status.Failures > 0 && _clock.Time.GetElapsedTime(Volatile.Read(ref _failedAt)) < RetryPause.After(status.Failures);
    }

    private void NoteAttempt()
    {
        Volatile.Write(ref _attemptedAt, _clock.Time.GetTimestamp());
        Interlocked.Exchange(ref _attemptedTicks, _clock.UtcNow.UtcTicks);
    }

    private void Succeeded(JudgedReading reading, DateTimeOffset now)
    {
        if (_status.Failures > 0)
        {
            LogRecovered(_logger, Name, _status.Failures);
        }

        _status = new SensorStatus(SensorState.Ok, null, 0, reading, now);
    }

    private void Failed(string reason)
    {
        SensorStatus before = _status;
        int failures = before.Failures + 1;
        bool ignored = Options.Startup == StartupBehaviour.Ignore && before.Reading is null;
        SensorState state = ignored ? SensorState.Ignored : failures < FailuresUntilFailed ? SensorState.Degraded : SensorState.Failed;
        _status = before with { State = state, Reason = reason, Failures = failures };
        Volatile.Write(ref _failedAt, _clock.Time.GetTimestamp());
        if (ignored)
        {
            LogIgnored(_logger, Name, reason);
        }
        else if (before.Failures == 0 || before.Reason != reason)
        {
            LogFault(_logger, Name, reason);
        }
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Warning, Message = "Sensor {Sensor} is at fault and will be retried: {Reason}")]
    private static partial void LogFault(ILogger logger, string sensor, string reason);

    [LoggerMessage(EventId = 201, Level = LogLevel.Information, Message = "Sensor {Sensor} answers again; attempts that failed: {Failures}")]
    private static partial void LogRecovered(ILogger logger, string sensor, int failures);

    [LoggerMessage(EventId = 205, Level = LogLevel.Debug, Message = "Sensor {Sensor} is not waited for, because the node stops")]
    private static partial void LogGivenUp(ILogger logger, string sensor);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Sensor {Sensor} cannot be read at the start and is left alone until it is enabled anew: {Reason}")]
    private static partial void LogIgnored(ILogger logger, string sensor, string reason);
}
