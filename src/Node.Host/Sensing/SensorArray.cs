using System.Diagnostics.CodeAnalysis;

namespace Node.Host.Sensing;

/// <summary>The node's sensors by name.</summary>
internal sealed class SensorArray(IReadOnlyList<SensorChannel> channels) : IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public IReadOnlyList<SensorChannel> Channels => channels;

    /// <summary>Looks a sensor up by its component name, which is compared exactly.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out SensorChannel? channel)
    {
        channel = channels.FirstOrDefault(candidate => candidate.Name == name);
        return channel is not null;
    }

    /// <summary>An enabled sensor whose schedule stands still for two intervals and five seconds; null when all beat.</summary>
    public SensorChannel? FindStalled() =>
        channels.FirstOrDefault(channel => channel.Setting.Enabled && channel.SinceAttempt > (2 * channel.Setting.Interval) + Slack);

    public void Dispose()
    {
        foreach (SensorChannel channel in channels)
        {
            channel.Dispose();
        }
    }
}
