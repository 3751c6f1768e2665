using Node.Host.Hub;
using Node.HubClient;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>A turn of the hub client, then the schedule follows what the turn changed.</summary>
[DisallowConcurrentExecution] // a nudge during a turn waits for its end
internal sealed class DoWorkJob(HubLoop loop, HubLink link, HubWatch watch, WorkCadence cadence, NodeSchedule schedule) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        schedule.TurnBegins();
        watch.TurnBegins();
        WorkStatus status = loop.Turn();
        watch.TurnEnded();
        TimeSpan next = cadence.After(status, watch.IsWatching && link.IsAuthenticated);
        return schedule.ConvergeAsync(next, cancellationToken);
    }
}
