using Node.Host.Sensing;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>One sample of the sensor whose name the job's key begins with.</summary>
[DisallowConcurrentExecution] // a slow sensor delays its own next sample and never overlaps it
internal sealed class SampleJob(SensorArray sensors) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        string job = context.JobDetail.Key.Name;
        int restart = job.IndexOf('~', StringComparison.Ordinal); // A component's name has none.
        if (sensors.TryFind(restart < 0 ? job : job[..restart], out SensorChannel? sensor))
        {
            await sensor.SampleAsync(cancellationToken);
        }
    }
}
