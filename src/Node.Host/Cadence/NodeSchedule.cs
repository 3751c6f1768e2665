using Node.Host.Sensing;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>
/// The triggers: one for each sensor, one for the hub client's turns, one each for supervisor and filters. Follows the settings in force, one trigger at
/// a time, so that changing one never moves another. Any thread.
/// </summary>
internal sealed class NodeSchedule(ISchedulerFactory schedulers, SensorArray sensors, TimeProvider time) : IDisposable
{
    /// <summary>Group of the sensors' jobs and triggers; a job's name is the sensor's, with <c>~n</c> behind it once it was begun anew.</summary>
    public const string SensorGroup = "sensors";

    private static readonly JobKey Work = new("doWork", "hub");
    private static readonly TriggerKey WorkTrigger = new("doWork", "hub");
    private static readonly JobKey Supervision = new("supervise", "node");
    private static readonly TimeSpan SupervisionInterval = TimeSpan.FromSeconds(5);
    private static readonly JobKey FilterTurns = new("filterTurns", "node");
    private static readonly TimeSpan FilterTurnInterval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SensorSetting> _scheduled = [];
    private readonly Dictionary<string, JobKey> _jobs = [];
    private readonly SemaphoreSlim _change = new(1, 1);
    private IScheduler? _scheduler;
    private TimeSpan _workInterval;
    private int _nudged;

    /// <summary>Makes all jobs and triggers; they fire once the scheduler runs. Without a hub there are no turns.</summary>
    public async Task CreateAsync(TimeSpan workInterval, bool hasHub, CancellationToken cancellationToken)
    {
        _scheduler = await schedulers.GetScheduler(cancellationToken);
        foreach (SensorChannel sensor in sensors.Channels)
        {
            await ScheduleAsync(sensor, new JobKey(sensor.Name, SensorGroup), time.GetUtcNow(), cancellationToken);
        }

        await RepeatAsync<SupervisorJob>(Supervision, SupervisionInterval, cancellationToken);
        await RepeatAsync<FilterTurnJob>(FilterTurns, FilterTurnInterval, cancellationToken);
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

    /// <summary>Moves the triggers whose interval or calendar is no longer the one in force.</summary>
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
            if (!IsAsScheduled(sensor))
            {
                await RescheduleAsync(sensor, now, cancellationToken);
            }
        }
    }

    /// <summary>Begins a sensor's schedule anew, with its first sample at once; a job of it that hangs is left behind and holds up nothing.</summary>
    public async Task RestartAsync(SensorChannel sensor, CancellationToken cancellationToken)
    {
        await _change.WaitAsync(cancellationToken);
        try
        {
            JobKey old = _jobs[sensor.Name];
            await _scheduler!.DeleteJob(old, cancellationToken);
            await ScheduleAsync(sensor, new JobKey($"{sensor.Name}~{sensor.Restarts + 1}", SensorGroup), time.GetUtcNow(), cancellationToken);
            sensor.NoteRestart();
        }
        finally
        {
            _change.Release();
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

    public void Dispose() => _change.Dispose();

    private async Task RepeatAsync<TJob>(JobKey key, TimeSpan interval, CancellationToken cancellationToken)
        where TJob : IJob
    {
        IJobDetail job = JobBuilder.Create<TJob>().WithIdentity(key).Build();
        ITrigger trigger = Trigger(new TriggerKey(key.Name, key.Group), key, interval, time.GetUtcNow() + interval);
        await _scheduler!.ScheduleJob(job, trigger, cancellationToken: cancellationToken);
    }

    private bool IsAsScheduled(SensorChannel sensor) =>
        _scheduled[sensor.Name] is var scheduled && scheduled.Interval == sensor.Setting.Interval && Equals(scheduled.Cron, sensor.Setting.Cron);

    private async Task RescheduleAsync(SensorChannel sensor, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _change.WaitAsync(cancellationToken);
        try
        {
            _scheduled[sensor.Name] = sensor.Setting;
            ITrigger trigger = SampleTrigger(sensor, _jobs[sensor.Name], now + sensor.Setting.Interval);
            await _scheduler!.RescheduleJob(trigger.Key, trigger, cancellationToken);
        }
        finally
        {
            _change.Release();
        }
    }

    private async Task ScheduleAsync(SensorChannel sensor, JobKey key, DateTimeOffset first, CancellationToken cancellationToken)
    {
        IJobDetail job = JobBuilder.Create<SampleJob>().WithIdentity(key).Build();
        _jobs[sensor.Name] = key;
        _scheduled[sensor.Name] = sensor.Setting;
        await _scheduler!.ScheduleJob(job, SampleTrigger(sensor, key, first), cancellationToken: cancellationToken);
    }

    private static ITrigger SampleTrigger(SensorChannel sensor, JobKey job, DateTimeOffset first)
    {
        var key = new TriggerKey(job.Name, SensorGroup);
        SensorSetting setting = sensor.Setting;
        return setting.Cron is not { } cron
            ? Trigger(key, job, setting.Interval, first)
            : TriggerBuilder.Create().WithIdentity(key).ForJob(job)
                .WithCronSchedule(cron.Expression, schedule => schedule.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing))
                .Build();
    }

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
