namespace Node.Host.Spool;

/// <summary>A durable message that was handed out for sending and waits for its <see cref="Spool.Confirm"/> or <see cref="Spool.Release"/>.</summary>
/// <param name="Sequence">Strictly increasing from 1 over the life of the spool file; a missing number was dropped and counted.</param>
/// <param name="BootId">The boot in which the message was appended, which may be an earlier one.</param>
/// <param name="Component">The sensor's component name.</param>
/// <param name="SampledAt">When the reading was taken, in UTC.</param>
/// <param name="TimeSynced">Whether the clock was known to be right then.</param>
/// <param name="Priority">0 normal, 1 alarm.</param>
/// <param name="Body">UTF-8 JSON of the reading.</param>
internal sealed record SpooledMessage(
    long Sequence, string BootId, string Component, DateTimeOffset SampledAt, bool TimeSynced, int Priority, ReadOnlyMemory<byte> Body)
{
    /// <summary>What is known of the reading's worth: <c>good</c>, or what speaks against it, in one word.</summary>
    public string Quality { get; init; } = SpoolEntry.Good;

    /// <summary>Whether it was handed out of the backlog, beside which newer ones go out without waiting.</summary>
    public bool IsBacklog { get; init; }

    /// <summary>The same at every attempt and after every restart, so that a consumer can drop repeats.</summary>
    public string MessageId => $"{BootId}-{Sequence}";
}
