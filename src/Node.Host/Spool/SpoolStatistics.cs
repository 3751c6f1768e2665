namespace Node.Host.Spool;

/// <summary>
/// What the spool holds and what became of the rest. Totals count over the life of the spool file:
/// <c>AppendedTotal = Depth + ConfirmedTotal + DroppedByCapacity + DroppedByAge + DroppedByThinning + Purged + LostByCorruption</c>.
/// </summary>
internal sealed record SpoolStatistics
{
    /// <summary>Durable messages that are not confirmed.</summary>
    public required long Depth { get; init; }

    /// <summary>Those of <see cref="Depth"/> that nobody holds: the next <see cref="Spool.TakeUnsent"/> can answer them.</summary>
    public required long UnsentCount { get; init; }

    /// <summary>Bytes of component, body and a fixed overhead for each stored message; what <see cref="SpoolLimits.CapacityBytes"/> bounds.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the oldest message of <see cref="Depth"/> was sampled; <see langword="null"/> when there is none.</summary>
    public required DateTimeOffset? OldestSampledAt { get; init; }

    /// <summary>Messages that became durable.</summary>
    public required long AppendedTotal { get; init; }

    /// <summary>Messages that were confirmed, their deletion done or still ahead.</summary>
    public required long ConfirmedTotal { get; init; }

    /// <summary>Messages dropped because <see cref="SpoolLimits.CapacityBytes"/> was reached.</summary>
    public required long DroppedByCapacity { get; init; }

    /// <summary>Messages dropped because they were older than <see cref="SpoolLimits.MaxAge"/>.</summary>
    public required long DroppedByAge { get; init; }

    /// <summary>Messages dropped between others that stay, because <see cref="SpoolLimits.CapacityBytes"/> was reached.</summary>
    public required long DroppedByThinning { get; init; }

    /// <summary>Messages that an operator threw away.</summary>
    public required long Purged { get; init; }

    /// <summary>Messages dropped for whatever cause, those of a damaged file included.</summary>
    public long Dropped => DroppedByCapacity + DroppedByAge + DroppedByThinning + Purged + LostByCorruption;

    /// <summary>Messages that could not be read back from a damaged file; an upper bound when its totals were damaged too.</summary>
    public required long LostByCorruption { get; init; }

    /// <summary>The highest sequence that survives a power cut now; 0 when nothing was ever appended.</summary>
    public required long LastDurableSequence { get; init; }

    /// <summary>Write transactions since the spool was opened; each costs one synchronous write of the log.</summary>
    public required long Commits { get; init; }
}
