using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Sensing;

/// <summary>
/// One sensor from bus to spool. A fault stays inside: it is logged once, shown as status and retried with growing pauses from a fresh
/// initialisation. Any thread; measurements never overlap.
/// </summary>
internal sealed partial class SensorChannel : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Func<ISensor> _open;
    private readonly ReadingStore _store;
    private readonly NodeClock _clock;
    private readonly ILogger _logger;
    private ISensor? _sensor;
    private long _failedAt;
    private long _attemptedAt;
    private volatile SensorStatus _status = SensorStatus.Initial;
    private volatile SensorSetting _setting;

    /// <summary>Makes the channel; the bus is opened by the first measurement, so that an absent chip is a fault and no failed start.</summary>
    public SensorChannel(SensorOptions options, Func<ISensor> open, ReadingStore store, NodeClock clock, ILogger logger)
    {
        Options = options;
        _open = open;
        _store = store;
        _clock = clock;
        _logger = logger;
        _setting = new SensorSetting(options.Interval, options.Enabled);
        _attemptedAt = clock.Time.GetTimestamp();
    }

    public SensorOptions Options { get; }

    public string Name => Options.Name;

    public SensorStatus Status => _status;

    /// <summary>How it is sampled from now on; the schedule follows.</summary>
    public SensorSetting Setting
    {
        get => _setting;
        set
        {
            _setting = value;
            Volatile.Write(ref _attemptedAt, _clock.Time.GetTimestamp()); // A shorter interval is not overdue since the longer one's last sample.
        }
    }

    /// <summary>Time since the last scheduled attempt, or since the channel was made.</summary>
    public TimeSpan SinceAttempt => _clock.Time.GetElapsedTime(Volatile.Read(ref _attemptedAt));

    /// <summary>A scheduled sample: measures and stores, unless disabled or pausing after a fault. Throws for nothing but cancellation.</summary>
    public async ValueTask SampleAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _attemptedAt, _clock.Time.GetTimestamp());
        if (Setting.Enabled && !IsPausing())
        {
            await MeasureAsync(cancellationToken);
        }
    }

    /// <summary>Measures and stores now, whatever the schedule says.</summary>
    /// <returns>The status afterwards: the reading is new when <see cref="SensorStatus.State"/> is <see cref="SensorState.Ok"/>.</returns>
    public async Task<SensorStatus> MeasureAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            SensorReading reading = await ReadAsync(cancellationToken);
            ClockStamp now = _clock.Stamp();
            Succeeded(reading, now.At);
            await _store.AcceptAsync(
                new SpoolEntry(Name, now.At, now.IsSynced, Priority: 0, ReadingBody.Write(reading)) { Monotonic = now.Monotonic }, cancellationToken);
        }
        catch (Exception failure) when (failure is SensorException or IOException or ArgumentException)
        {
            Failed(failure.Message);
        }
        finally
        {
            _turn.Release();
        }

        return _status;
    }

    public void Dispose()
    {
        _sensor?.Dispose();
        _turn.Dispose();
    }

    private async ValueTask<SensorReading> ReadAsync(CancellationToken cancellationToken)
    {
        if (_sensor is null)
        {
            _sensor = _open();
            await _sensor.InitializeAsync(cancellationToken);
        }

        SensorReading reading = await _sensor.MeasureAsync(cancellationToken);
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
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Clamp(status.Failures - 1, 0, 16));
        pause = pause < LongestPause ? pause : LongestPause;
        return status.State == SensorState.Fault && _clock.Time.GetElapsedTime(Volatile.Read(ref _failedAt)) < pause;
    }

    private void Succeeded(SensorReading reading, DateTimeOffset now)
    {
        if (_status.State == SensorState.Fault)
        {
            LogRecovered(_logger, Name, _status.Failures);
        }

        _status = new SensorStatus(SensorState.Ok, null, 0, reading, now);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Closing a sick chip may fail in any way; it is given up either way.")]
    private void Failed(string reason)
    {
        SensorStatus before = _status;
        _status = before with { State = SensorState.Fault, Reason = reason, Failures = before.Failures + 1 };
        Volatile.Write(ref _failedAt, _clock.Time.GetTimestamp());
        if (before.State != SensorState.Fault || before.Reason != reason)
        {
            LogFault(_logger, Name, reason);
        }

        try
        {
            _sensor?.Dispose();
        }
        catch (Exception failure)
        {
            LogNotClosed(_logger, Name, failure.Message);
        }

        _sensor = null; // The next attempt opens and initialises it anew.
    }

    [LoggerMessage(EventId = 200, Level = LogLevel.Warning, Message = "Sensor {Sensor} is at fault and will be retried: {Reason}")]
    private static partial void LogFault(ILogger logger, string sensor, string reason);

    [LoggerMessage(EventId = 201, Level = LogLevel.Information, Message = "Sensor {Sensor} answers again after {Failures} failed attempts")]
    private static partial void LogRecovered(ILogger logger, string sensor, int failures);

    [LoggerMessage(EventId = 202, Level = LogLevel.Debug, Message = "Sensor {Sensor} could not be closed: {Reason}")]
    private static partial void LogNotClosed(ILogger logger, string sensor, string reason);
}
