using System.Diagnostics.CodeAnalysis;

namespace Node.Host.Sensing;

/// <summary>The node's sensors by name.</summary>
internal sealed class SensorArray(IReadOnlyList<SensorChannel> channels) : IDisposable
{
    public IReadOnlyList<SensorChannel> Channels => channels;

    /// <summary>Looks a sensor up by its component name, which is compared exactly.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out SensorChannel? channel)
    {
        channel = channels.FirstOrDefault(candidate => candidate.Name == name);
        return channel is not null;
    }

    /// <summary>An enabled sensor whose schedule stands still; null when all beat.</summary>
    public SensorChannel? FindStalled() => channels.FirstOrDefault(channel => channel.IsOverdue);

    /// <summary>Ends the samples that are under way; see <see cref="SensorChannel.Stop"/>.</summary>
    public void Stop()
    {
        foreach (SensorChannel channel in channels)
        {
            channel.Stop();
        }
    }

    public void Dispose()
    {
        foreach (SensorChannel channel in channels)
        {
            channel.Dispose();
        }
    }
}
