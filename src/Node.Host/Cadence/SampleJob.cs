using Node.Host.Sensing;
using Quartz;

namespace Node.Host.Cadence;

/// <summary>One sample of the sensor whose name is the job's key.</summary>
[DisallowConcurrentExecution] // a slow sensor delays its own next sample and never overlaps it
internal sealed class SampleJob(SensorArray sensors) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (sensors.TryFind(context.JobDetail.Key.Name, out SensorChannel? sensor))
        {
            await sensor.SampleAsync(cancellationToken);
        }
    }
}
