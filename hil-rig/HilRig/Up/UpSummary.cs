using HilRig.Checks;

namespace HilRig.Up;

/// <summary>What a session of <c>hilrig up</c> came to, as it is written to the file of <c>--summary</c>.</summary>
internal sealed record UpSummary
{
    /// <summary>Readings that the node made durable.</summary>
    public long Sent { get; init; }

    /// <summary>Readings that left the spool, which happens only after the hub's confirmation.</summary>
    public long Confirmed { get; init; }

    /// <summary>Durable readings that are neither at the hub nor in the spool.</summary>
    public long Lost { get; init; }

    /// <summary>Distinct message ids at the hub.</summary>
    public long Distinct { get; init; }

    /// <summary>Messages that the hub got more than once.</summary>
    public long Repeats { get; init; }

    /// <summary>Readings still in the spool after it had its chance to drain.</summary>
    public long Pending { get; init; }

    /// <summary>Whether the change of the interval was acknowledged with 200.</summary>
    public bool TwinAcknowledged { get; init; }

    /// <summary>Method calls answered with 200.</summary>
    public int MethodsAnswered { get; init; }

    /// <summary>From the start of the node's process until the hub accepted it; null when it never did.</summary>
    public double? ConnectSeconds { get; init; }

    /// <summary>From the start of the node's process until its first reading was at the hub; null when none came.</summary>
    public double? FirstTelemetrySeconds { get; init; }

    /// <summary>The exit code of the node's graceful stop.</summary>
    public int? NodeExitCode { get; init; }

    /// <summary>What was promised and not kept, in words; empty when all was well.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>Puts the figures together; <paramref name="toured"/> says whether the session changed and toggled by itself.</summary>
    public static UpSummary Of(RunRecord run, bool toured, bool twinAcknowledged, int methodsAnswered)
    {
        var summary = new UpSummary
        {
            Sent = run.Account?.Sent ?? 0,
            Confirmed = run.Account?.Confirmed ?? 0,
            Lost = run.Account?.Lost ?? 0,
            Distinct = run.Account?.Distinct ?? 0,
            Repeats = run.Account?.Repeats ?? 0,
            Pending = run.Account?.Pending ?? 0,
            TwinAcknowledged = twinAcknowledged,
            MethodsAnswered = methodsAnswered,
            ConnectSeconds = Rounded(run.Connected),
            FirstTelemetrySeconds = Rounded(run.FirstTelemetry),
            NodeExitCode = run.Stops.Count > 0 ? run.Stops[0].ExitCode : null,
        };
        return summary with { Broken = [.. BrokenPromises(summary, run, toured)] };
    }

    private static IEnumerable<string> BrokenPromises(UpSummary summary, RunRecord run, bool toured)
    {
        if (run.Account is null)
        {
            yield return "the readings could not be counted: the node did not answer";
        }
        if (summary.Lost > 0)
        {
            yield return $"{summary.Lost} readings are lost: {string.Join(", ", run.Account!.Missing.Take(20))}";
        }
        if (summary.Pending > 0)
        {
            yield return $"{summary.Pending} readings would not leave the spool";
        }
        if (run.Stops.Any(stop => stop.WasKilled || stop.ExitCode != 0))
        {
            yield return "the node did not stop cleanly";
        }
        if (!toured)
        {
            yield break;
        }
        if (run.Connected is null || summary.Sent == 0 || run.FirstTelemetry is null)
        {
            yield return "no reading reached the hub";
        }
        if (!summary.TwinAcknowledged)
        {
            yield return "the change of the interval was not acknowledged";
        }
        if (summary.MethodsAnswered == 0)
        {
            yield return "the method call was not answered";
        }
    }

    private static double? Rounded(TimeSpan? time) => time is { } span ? Math.Round(span.TotalSeconds, 3) : null;
}
