namespace Node.Host.Spool;

/// <summary>What callers and the writer share. Everything here is touched only while <see cref="Gate"/> is held.</summary>
internal sealed class SpoolState(SpoolLimits limits)
{
    /// <summary>Held for as long as a few rows take to read, never over a commit.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The limits in force.</summary>
    public SpoolLimits Limits { get; set; } = limits;

    /// <summary>UTC less the monotonic clock, waiting to be written; <see langword="null"/> when nothing waits.</summary>
    public TimeSpan? ClockOffset { get; set; }

    /// <summary>Who holds which message.</summary>
    public DeliveryLedger Ledger { get; } = new();

    /// <summary>What was stored last.</summary>
    public RecentPackets Recent { get; } = new();

    /// <summary>As of the last durable transaction.</summary>
    public SpoolTotals Totals { get; set; }

    /// <summary>Write transactions since the start.</summary>
    public long Commits { get; set; }

    /// <summary>Reads what callers ask for; <see langword="null"/> while the file is being repaired and after the end.</summary>
    public SpoolReader? Reader { get; set; }

    /// <summary>Set by a reader that met damage; the writer repairs the file before its next transaction.</summary>
    public string? Damage { get; set; }
}
