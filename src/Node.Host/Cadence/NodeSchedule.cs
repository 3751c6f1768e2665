using Node.Host.Sensing;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>
/// The triggers: one for each sensor and one for the hub client's turns. Follows the settings in force, one trigger at a time, so that
/// changing one never moves another.
/// </summary>
internal sealed class NodeSchedule(ISchedulerFactory schedulers, SensorArray sensors, TimeProvider time)
{
    private const string SensorGroup = "sensors";

    private static readonly JobKey Work = new("doWork", "hub");
    private static readonly TriggerKey WorkTrigger = new("doWork", "hub");

    private readonly Dictionary<string, TimeSpan> _scheduled = [];
    private IScheduler? _scheduler;
    private TimeSpan _workInterval;
    private int _nudged;

    /// <summary>Makes all jobs and triggers; they fire once the scheduler runs. Without a hub there are no turns.</summary>
    public async Task CreateAsync(TimeSpan workInterval, bool hasHub, CancellationToken cancellationToken)
    {
        _scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (SensorChannel sensor in sensors.Channels)
        {
            IJobDetail job = JobBuilder.Create<SampleJob>().WithIdentity(sensor.Name, SensorGroup).Build();
            await _scheduler.ScheduleJob(job, SampleTrigger(sensor, time.GetUtcNow()), cancellationToken: cancellationToken);
            _scheduled[sensor.Name] = sensor.Setting.Interval;
        }

        if (hasHub)
        {
            _workInterval = workInterval;
            IJobDetail work = JobBuilder.Create<DoWorkJob>().WithIdentity(Work).Build();
            await _scheduler.ScheduleJob(work, Trigger(WorkTrigger, Work, workInterval, time.GetUtcNow()), cancellationToken: cancellationToken);
        }
    }

    /// <summary>Calls for a turn at once; a call while one is due already does nothing. Any thread, before the start and after the end too.</summary>
    public void Nudge()
    {
        if (_scheduler is { } scheduler && Interlocked.Exchange(ref _nudged, 1) == 0)
        {
            _ = scheduler.TriggerJob(Work).AsTask();
        }
    }

    /// <summary>A turn begins: what became due before is in it, what becomes due from now on needs another.</summary>
    public void TurnBegins() => Volatile.Write(ref _nudged, 0);

    /// <summary>Moves the triggers whose interval is no longer the one in force. Called by one job at a time.</summary>
    public async ValueTask ConvergeAsync(TimeSpan workInterval, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (workInterval != _workInterval)
        {
            _workInterval = workInterval;
            await _scheduler!.RescheduleJob(WorkTrigger, Trigger(WorkTrigger, Work, workInterval, now + workInterval), cancellationToken);
        }

        foreach (SensorChannel sensor in sensors.Channels)
        {
            TimeSpan interval = sensor.Setting.Interval;
            if (_scheduled[sensor.Name] != interval)
            {
                _scheduled[sensor.Name] = interval;
                ITrigger trigger = SampleTrigger(sensor, now + interval);
                await _scheduler!.RescheduleJob(trigger.Key, trigger, cancellationToken);
            }
        }
    }

    /// <summary>No trigger fires from now on; a job that runs goes on to its end.</summary>
    public async Task StandbyAsync(CancellationToken cancellationToken)
    {
        if (_scheduler is not null)
        {
            await _scheduler.Standby(cancellationToken);
        }
    }

    private static ITrigger SampleTrigger(SensorChannel sensor, DateTimeOffset first) =>
        Trigger(new TriggerKey(sensor.Name, SensorGroup), new JobKey(sensor.Name, SensorGroup), sensor.Setting.Interval, first);

    private static ITrigger Trigger(TriggerKey key, JobKey job, TimeSpan interval, DateTimeOffset first) => TriggerBuilder.Create()
        .WithIdentity(key)
        .ForJob(job)
        .StartAt(first)
        .WithSimpleSchedule(schedule => schedule
            .WithInterval(interval)
            .RepeatForever()
            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)) // missed samples are not made up in a burst
        .Build();
}
