using Node.Host.Hub;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>A turn of the hub client, then the schedule follows what the turn changed.</summary>
[DisallowConcurrentExecution] // a nudge during a turn waits for its end
internal sealed class DoWorkJob(HubLoop loop, WorkCadence cadence, NodeSchedule schedule) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        schedule.TurnBegins();
        TimeSpan next = cadence.After(loop.Turn());
        return schedule.ConvergeAsync(next, cancellationToken);
    }
}
