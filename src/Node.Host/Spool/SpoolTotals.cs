namespace Node.Host.Spool;

/// <summary>What was appended and what became of it, over the life of the spool file. A transaction works on a copy and publishes it when it is durable.</summary>
internal readonly record struct SpoolTotals
{
    /// <summary>The highest sequence given out, which is also the number of appends: there are no gaps among appends.</summary>
    public required long LastSequence { get; init; }

    /// <summary>The size of all appends.</summary>
    public required long AppendedBytes { get; init; }

    /// <summary>The size of all that was deleted, for whatever cause.</summary>
    public required long RemovedBytes { get; init; }

    /// <summary>Deleted because it was confirmed.</summary>
    public required long Confirmed { get; init; }

    /// <summary>Deleted because the capacity was reached.</summary>
    public required long DroppedByCapacity { get; init; }

    /// <summary>Deleted because it was too old.</summary>
    public required long DroppedByAge { get; init; }

    /// <summary>Deleted because the capacity was reached, between others that stay.</summary>
    public required long DroppedByThinning { get; init; }

    /// <summary>Deleted because an operator said so.</summary>
    public required long Purged { get; init; }

    /// <summary>Not found again after the file was damaged.</summary>
    public required long LostByCorruption { get; init; }

    /// <summary>Rows in the table.</summary>
    public long Rows => LastSequence - Confirmed - DroppedByCapacity - DroppedByAge - DroppedByThinning - Purged - LostByCorruption;

    /// <summary>The size of the rows in the table.</summary>
    public long Bytes => AppendedBytes - RemovedBytes;

    /// <summary>The totals of an empty table: whatever they miss was taken away by something other than the spool.</summary>
    public SpoolTotals WithoutRows() => this with { LostByCorruption = LostByCorruption + Rows, RemovedBytes = AppendedBytes };

    /// <summary>The totals after one more append of <paramref name="size"/> bytes.</summary>
    public SpoolTotals After(int size) => this with { LastSequence = LastSequence + 1, AppendedBytes = AppendedBytes + size };

    /// <summary>The totals after the removal.</summary>
    public SpoolTotals After(Removal removal) => (removal.Cause switch
    {
        RemovalCause.Confirmed => this with { Confirmed = Confirmed + 1 },
        RemovalCause.Capacity => this with { DroppedByCapacity = DroppedByCapacity + 1 },
        RemovalCause.Thinning => this with { DroppedByThinning = DroppedByThinning + 1 },
        RemovalCause.Purge => this with { Purged = Purged + 1 },
        _ => this with { DroppedByAge = DroppedByAge + 1 },
    }) with
    { RemovedBytes = RemovedBytes + removal.Size };
}
