namespace HubEmulator.Events;

/// <summary>A message in a partition.</summary>
/// <param name="SequenceNumber">Counts the messages of the partition from 0, without gaps.</param>
/// <param name="Offset">Where it lies in the partition; grows with each message.</param>
/// <param name="Message">The message.</param>
internal sealed record StreamedEvent(long SequenceNumber, long Offset, ReceivedTelemetry Message);
