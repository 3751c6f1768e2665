using Microsoft.Extensions.Logging;
using Node.Host.Sensing;

namespace Node.Host.Cadence;

/// <summary>
/// Finds sensors whose schedule stands still and begins it anew, one sensor's alone. A restart has the same time to help as the schedule had
/// before it was taken for still; then it is tried again. How often is shown in the status.
/// </summary>
internal sealed partial class ScheduleSupervisor(SensorArray sensors, Func<SensorChannel, CancellationToken, Task> restart, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, long> _restartedAt = [];

    /// <summary>One round. Calls must not overlap.</summary>
    public async ValueTask RoundAsync(CancellationToken cancellationToken)
    {
        foreach (SensorChannel sensor in sensors.Channels)
        {
            if (!sensor.IsOverdue)
            {
                _restartedAt.Remove(sensor.Name);
            }
            else if (!_restartedAt.TryGetValue(sensor.Name, out long at) || time.GetElapsedTime(at) > Patience(sensor))
            {
                _restartedAt[sensor.Name] = time.GetTimestamp();
                LogRestarting(logger, sensor.Name, (long)sensor.SinceAttempt.TotalSeconds);
                await restart(sensor, cancellationToken);
            }
        }
    }

    private static TimeSpan Patience(SensorChannel sensor) => (2 * sensor.Setting.Interval) + Slack;

    [LoggerMessage(EventId = 220, Level = LogLevel.Error, Message = "Sensor {Sensor} was not sampled for {Seconds} s; its schedule is begun anew")]
    private static partial void LogRestarting(ILogger logger, string sensor, long seconds);
}
