using System.Globalization;

namespace HubEmulator.Events;

/// <summary>The telemetry as readers of the endpoint that is compatible with Event Hubs see it: partitions, each in order, each device in one of them.</summary>
internal sealed class EventStream(int partitions, DateTimeOffset created)
{
    /// <summary>When the stream began.</summary>
    public DateTimeOffset Created { get; } = created;

    public IReadOnlyList<EventPartition> Partitions { get; } =
        [.. Enumerable.Range(0, partitions).Select(index => new EventPartition(index.ToString(CultureInfo.InvariantCulture)))];

    public EventPartition? Find(string id) => Partitions.FirstOrDefault(partition => partition.Id == id);

    public void Append(ReceivedTelemetry message) => PartitionOf(message.DeviceId).Append(message);

    /// <summary>The service's hash is not public; this one is FNV-1a, so that a device stays in its partition over restarts.</summary>
    public EventPartition PartitionOf(string deviceId)
    {
        const uint Basis = 2_166_136_261;
        const uint Prime = 16_777_619;
        uint hash = deviceId.Aggregate(Basis, (sofar, letter) => unchecked((sofar ^ letter) * Prime));
        return Partitions[(int)(hash % (uint)Partitions.Count)];
    }
}
