using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Sensing;
using Node.Host.Upload;

namespace Node.Host.Composition;

/// <summary>
/// Starts the node's parts in order and stops them so that nothing is lost and nothing stays switched on. The order of the start: settings
/// checked, this start counted, last good desired values, sensors that must be there, HTTP, jobs, hub; of the stop: actuators safe, jobs halted,
/// readings on the disk, last reported state and readings to the hub, connection closed, update lock released.
/// </summary>
internal sealed partial class NodeService(
    NodeOptions options, Spool.Spool spool, SensorArray sensors, ActuatorBank actuators, ReadingStore readings,
    HubLink link, NodeSchedule schedule, WorkCadence cadence, NodeClock clock, DailyTraffic traffic, UpdateLock updates, BootRecord boot, ILogger<NodeService> logger,
    HubLoop? loop = null, HubWatch? watch = null, Offload? offload = null) : IHostedService, IDisposable
{
    private static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(1); // beyond it a turn that does not end is left behind
    private static readonly TimeSpan BetweenTurns = TimeSpan.FromMilliseconds(10);

    private ITimer? _good;
    private int _isGood;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WatchClock();
        boot.Tell(logger);
        actuators.Changed = updates.Look;
        if (loop is null)
        {
            link.NotConfigured();
        }
        else
        {
            readings.Stored = schedule.Nudge;
            loop.AnswerWaits = schedule.Nudge;
            actuators.Changed += schedule.Nudge; // What an actuator does is reported at once.
            link.Switched = actuators.SetConnected;
            actuators.IsHubWatched = () => loop.IsTurning;
        }

        AppDomain.CurrentDomain.UnhandledException += MakeSafe;
        await schedule.CreateAsync(cadence.IdleInterval, loop is not null, cancellationToken);
        watch?.Start();
        _good = clock.Time.CreateTimer(_ => BecameGood(), null, options.BootIsGoodAfter, Timeout.InfiniteTimeSpan);
        if (options.IsSafeMode)
        {
            LogSafeMode(logger, options.BadBoots);
        }

        LogStarted(logger, options.Hub.DeviceId ?? "without a hub", sensors.Channels.Count, actuators.Channels.Count, options.DataFolder);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        long from = clock.Time.GetTimestamp();
        actuators.Dispose(); // First: whatever follows may take its time.
        updates.NoteFinalFlush();
        AppDomain.CurrentDomain.UnhandledException -= MakeSafe;
        watch?.Dispose();
        await schedule.StandbyAsync(cancellationToken);
        sensors.Stop();
        await FlushAsync(cancellationToken);
        if (loop is not null)
        {
            await CloseAsync(loop, cancellationToken);
            await FlushAsync(cancellationToken);
        }

        traffic.Save();
        NoteStopped();
        updates.Dispose();
        var milliseconds = (long)clock.Time.GetElapsedTime(from).TotalMilliseconds;
        LogStopped(logger, milliseconds, readings.Readings, readings.Durable, spool.Statistics.Depth);
    }

    public void Dispose() => _good?.Dispose();

    private void BecameGood()
    {
        if (Interlocked.Exchange(ref _isGood, 1) == 0)
        {
            boot.NoteGood();
        }
    }

    private void NoteStopped()
    {
        _good?.Dispose();
        if (Interlocked.Exchange(ref _isGood, 1) == 0)
        {
            boot.NoteStopped();
        }
    }

    private void WatchClock()
    {
        clock.Trust = options.ClockTrust;
        clock.Stepped = step => LogStepped(logger, step);
        clock.BecameRight = offset =>
        {
            spool.CorrectClock(offset);
            LogClockRight(logger, clock.UtcNow);
        };
        if (!clock.Stamp().IsSynced)
        {
            LogClockUnknown(logger, clock.UtcNow);
        }
    }

    /// <summary>A defect ends the process; its outputs must not stay as they are.</summary>
    private void MakeSafe(object sender, UnhandledExceptionEventArgs defect) => actuators.Abandon();

    /// <summary>Delivers what there is time for and ends the connection. A turn that hangs, in whatever it calls, is not waited for.</summary>
    private async Task CloseAsync(HubLoop hub, CancellationToken cancellationToken)
    {
        try
        {
            await (offload ?? Task.Run)(async () =>
            {
                await DeliverAsync(hub, cancellationToken);
                hub.Dispose();
            }).WaitAsync(LongestDelivery + LongestHang, clock.Time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            LogHangs(logger);
        }
    }

    private async Task DeliverAsync(HubLoop hub, CancellationToken cancellationToken)
    {
        long from = clock.Time.GetTimestamp();
        hub.Telemetry.Hurry();
        hub.Turn();
        while (link.IsAuthenticated && (hub.IsBusy || (spool.Statistics.UnsentCount > 0 && !hub.Telemetry.IsHeldBack))
            && clock.Time.GetElapsedTime(from) < LongestDelivery && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(BetweenTurns, clock.Time, CancellationToken.None);
            hub.Turn();
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await spool.FlushAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is Spool.SpoolException or OperationCanceledException)
        {
            LogNotFlushed(logger, failure.Message);
        }
    }

    [LoggerMessage(EventId = 16, Level = LogLevel.Warning,
        Message = "Safe mode after {BadBoots} starts that did not last: no actuators, no filters, nothing that the twin desires. It ends with the method exitSafeMode, or with the start after this one if this one lasts")]
    private static partial void LogSafeMode(ILogger logger, int badBoots);

    [LoggerMessage(EventId = 17, Level = LogLevel.Error, Message = "The hub client hangs and is left behind; what it had not confirmed is sent after the next start")]
    private static partial void LogHangs(ILogger logger);

    [LoggerMessage(EventId = 10, Level = LogLevel.Information, Message = "Node {DeviceId} started; sensors: {Sensors}, actuators: {Actuators}, data in {DataFolder}")]
    private static partial void LogStarted(ILogger logger, string deviceId, int sensors, int actuators, string dataFolder);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Node stopped in {Milliseconds} ms; readings taken: {Readings}, stored: {Durable}, kept for the next start: {Pending}")]
    private static partial void LogStopped(ILogger logger, long milliseconds, long readings, long durable, long pending);

    [LoggerMessage(EventId = 13, Level = LogLevel.Warning, Message = "The clock shows {Now:u} and is not known to be right: readings are dated when it is (setting Node:ClockTrust)")]
    private static partial void LogClockUnknown(ILogger logger, DateTimeOffset now);

    [LoggerMessage(EventId = 14, Level = LogLevel.Information, Message = "The clock is known to be right: {Now:u}")]
    private static partial void LogClockRight(ILogger logger, DateTimeOffset now);

    [LoggerMessage(EventId = 15, Level = LogLevel.Warning, Message = "The clock was set, by {Step}; readings keep their order and their age")]
    private static partial void LogStepped(ILogger logger, TimeSpan step);

    [LoggerMessage(EventId = 12, Level = LogLevel.Error, Message = "The spool could not be flushed: {Reason}")]
    private static partial void LogNotFlushed(ILogger logger, string reason);
}
