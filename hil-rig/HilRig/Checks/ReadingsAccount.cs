namespace HilRig.Checks;

/// <summary>
/// What became of every reading that the node made durable. Sequence numbers have no gaps among durable readings,
/// so whatever is absent between the first and the last is missing.
/// </summary>
internal sealed record ReadingsAccount
{
    /// <summary>Durable readings: those the node's spool numbered in this run.</summary>
    public required long Sent { get; init; }

    /// <summary>Readings that left the spool, which happens only after the hub's confirmation.</summary>
    public required long Confirmed { get; init; }

    /// <summary>Readings still in the spool after the node had its chance to drain it.</summary>
    public required long Pending { get; init; }

    /// <summary>Readings dropped by capacity or age: counted by the node, and never silently.</summary>
    public required long Dropped { get; init; }

    /// <summary>Distinct message ids at the hub.</summary>
    public required long Distinct { get; init; }

    /// <summary>Messages at the hub, repeats included.</summary>
    public required long Received { get; init; }

    /// <summary>Readings that the graceful stop left in the spool and the next start delivered.</summary>
    public required long LeftAtStop { get; init; }

    /// <summary>Sequence numbers that never reached the hub.</summary>
    public required IReadOnlyList<SequenceRange> Missing { get; init; }

    public long Repeats => Received - Distinct;

    /// <summary>Durable readings that are neither at the hub nor in the spool; dropped ones count as lost.</summary>
    public long Lost => Math.Max(0, Missing.Sum(range => range.Count) - Pending);
}
