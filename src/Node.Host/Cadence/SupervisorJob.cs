using Quartz;

namespace Node.Host.Cadence;

/// <summary>A round of the supervisor.</summary>
[DisallowConcurrentExecution]
internal sealed class SupervisorJob(ScheduleSupervisor supervisor) : IJob
{
    public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => supervisor.RoundAsync(cancellationToken);
}
