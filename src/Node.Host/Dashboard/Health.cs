using System.Globalization;
using Node.Host.Actuation;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Sensing;

namespace Node.Host.Dashboard;

/// <summary>
/// Whether the node is alive and sampling, and whether its disk takes readings. A lost hub and a sick sensor are shown but are no reason to
/// restart the node: it would lose time and help nothing. Any thread.
/// </summary>
internal sealed class Health(
    NodeOptions options, NodeClock clock, SensorArray sensors, ReadingStore readings, HubLink link, Spool.Spool spool, UpdateLock updates)
{
    private const int LongestText = 100; // balena cuts the output of a health check there.

    /// <summary>Whether the node is healthy, and one line about it of at most 100 characters.</summary>
    public (bool IsHealthy, string Text) Check()
    {
        string? ill = Stalled() ?? DiskFault();
        string text = ill ?? Well();
        return (ill is null, text.Length <= LongestText ? text : text[..(LongestText - 1)] + "…");
    }

    private string? Stalled() => sensors.Channels.FirstOrDefault(sensor => sensor.IsLate || sensor.IsOverdue) is { } stalled
        ? string.Create(CultureInfo.InvariantCulture, $"stalled: sensor {stalled.Name} was not sampled for {stalled.SinceAttempt.TotalSeconds:0} s")
        : null;

    private string? DiskFault() => readings.IsFailing ? "storing fails: readings are lost, see the log"
        : Machine.FolderAccess.IsWritable(options.DataFolder) ? null
        : $"the data folder {options.DataFolder} cannot be written to";

    private string Well()
    {
        int enabled = sensors.Channels.Count(channel => channel.Setting.Enabled);
        int well = sensors.Channels.Count(channel => channel.Setting.Enabled && channel.Status.State == SensorState.Ok);
        HubLinkState hub = link.State;
        return string.Create(CultureInfo.InvariantCulture,
            $"ok {well}/{enabled} sensors, hub {(hub.IsAuthenticated ? "up" : "down")} {Age(clock.UtcNow - hub.Since)}, spool {spool.Statistics.Depth}{(updates.IsHeld ? ", update lock held" : "")}{(options.IsSafeMode ? ", safe mode" : "")}");
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{(int)age.TotalDays}d",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours}h",
        { TotalMinutes: >= 1 } => $"{(int)age.TotalMinutes}m",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)}s",
    };
}
