using Node.Host.Hub;
using Node.Host.Sensing;

namespace Node.Host.Dashboard;

/// <summary>
/// Whether the node is alive and sampling. A lost hub and a sick sensor are shown but are no reason to restart the node: it would lose
/// time and help nothing.
/// </summary>
internal sealed class Health(SensorArray sensors, ReadingStore readings, HubLink link, Spool.Spool spool)
{
    private const int LongestText = 100; // balena cuts the output of a health check there.

    /// <summary>Whether the node is healthy, and one line about it of at most 100 characters.</summary>
    public (bool IsHealthy, string Text) Check()
    {
        SensorChannel? stalled = sensors.FindStalled();
        int enabled = sensors.Channels.Count(channel => channel.Setting.Enabled);
        int well = sensors.Channels.Count(channel => channel.Setting.Enabled && channel.Status.State == SensorState.Ok);
        string text = stalled is not null
            ? $"stalled: sensor {stalled.Name} was not sampled for {stalled.SinceAttempt.TotalSeconds:0} s"
            : readings.IsFailing ? "storing fails: readings are lost, see the log"
            : $"ok {well}/{enabled} sensors, hub {(link.IsAuthenticated ? "up" : "down")}, spool {spool.Statistics.Depth}";
        return (stalled is null && !readings.IsFailing, text.Length <= LongestText ? text : text[..LongestText]);
    }
}
