using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Node.Host.Doctor;

/// <summary>Runs checks beside each other, each with its own deadline, and reports them in their order.</summary>
internal sealed class Examination(IReadOnlyList<DoctorCheck> checks, TimeSpan longest, TimeProvider time)
{
    public async Task<DoctorReport> RunAsync(CancellationToken cancellationToken)
    {
        Finding[] findings = await Task.WhenAll(checks.Select(check => RunAsync(check, cancellationToken)));
        return new DoctorReport(
            findings.Count(finding => finding.Kind == FindingKind.Error),
            findings.Count(finding => finding.Kind == FindingKind.Warning),
            [.. checks.Zip(findings, (check, finding) => new CheckResult(check.Name, Name(finding.Kind), finding.Text, finding.Remedy))]);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever a check runs into is what it found; the others go on.")]
    private async Task<Finding> RunAsync(DoctorCheck check, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await check.RunAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Finding.Error(
                string.Create(CultureInfo.InvariantCulture, $"no answer within {longest.TotalSeconds:0.###} s"), "look at what the check names; it hangs rather than fails");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Finding.Error(failure.Message.ReplaceLineEndings(" "), "put right what the message names");
        }
    }

    private static string Name(FindingKind kind) => kind switch
    {
        FindingKind.Error => "error",
        FindingKind.Warning => "warning",
        _ => "ok",
    };
}
