using Microsoft.Extensions.DependencyInjection;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.Sensors.Bus;

namespace Node.Host.Composition;

/// <summary>What must be so before anything runs: the last good desired values are in force, and sensors that the node does not start without answer.</summary>
internal static class NodeStart
{
    /// <exception cref="SensorException">A sensor whose <c>Startup</c> is <c>error</c> cannot be read.</exception>
    public static Task PrepareAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        bool isSafeMode = services.GetRequiredService<NodeOptions>().IsSafeMode;
        services.GetRequiredService<ReportedDocument>().Set("", "safeMode", isSafeMode);
        if (!isSafeMode)
        {
            services.GetRequiredService<NodeTwin>().ApplyLastGood();
        }

        return RequireAsync(services.GetRequiredService<SensorArray>(), cancellationToken);
    }

    private static async Task RequireAsync(SensorArray sensors, CancellationToken cancellationToken)
    {
        foreach (SensorChannel sensor in sensors.Channels.Where(sensor => sensor.Options.Startup == StartupBehaviour.Error && sensor.Setting.Enabled))
        {
            SensorStatus status = await sensor.MeasureAsync(cancellationToken);
            if (status.State != SensorState.Ok)
            {
                throw new SensorException(SensorFault.NoAcknowledge,
                    $"{status.Reason} The node does not start without {sensor.Name}, because Node:Sensors:{sensor.Name}:Startup is error.");
            }
        }
    }
}
