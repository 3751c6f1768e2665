using Node.Host.Sensing;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>Gives the filters of every sensor their turn: some bring values out between two samples.</summary>
[DisallowConcurrentExecution]
internal sealed class FilterTurnJob(SensorArray sensors) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        foreach (SensorChannel sensor in sensors.Channels)
        {
            await sensor.AdvanceAsync(cancellationToken);
        }
    }
}
