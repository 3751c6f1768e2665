namespace HubEmulator.Events;

/// <summary>What a partition says of itself.</summary>
/// <param name="FirstSequenceNumber">The oldest message that is kept; 0 in an empty one.</param>
/// <param name="Last">The newest message; null when none ever came.</param>
internal sealed record PartitionState(long FirstSequenceNumber, StreamedEvent? Last);
