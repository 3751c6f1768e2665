using System.Globalization;
using System.Net;
using System.Text;
using HilRig.Checks;

namespace HilRig.Reports;

/// <summary>One self-contained page: verdicts, timeline and the node's last lines; no script, no outside reference, readable on a phone.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --line: #8884; --pass: #1a7f37; --fail: #cf222e; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 60rem; }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .25rem; }
        table { border-collapse: collapse; width: 100%; } td, th { border-top: 1px solid var(--line); padding: .35rem .5rem .35rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; } td:nth-child(2), th:nth-child(2) { white-space: nowrap; overflow-wrap: normal; }
        .pass { color: var(--pass); font-weight: 600; } .fail { color: var(--fail); font-weight: 600; }
        .quiet { opacity: .75; font-size: .9rem; } pre { overflow-x: auto; font-size: .8rem; }
        svg { width: 100%; height: auto; } svg .bar { fill: #0969da; } svg .step { fill: #bf8700; opacity: .45; } svg text { font: 11px system-ui, sans-serif; fill: currentColor; }
        """;

    public static string Build(IReadOnlyList<ScenarioResult> results)
    {
        int passed = results.Count(result => result.Passed);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>hilrig: {passed} of {results.Count} scenarios passed</title><style>{Style}</style></head><body>
            <h1>{passed} of {results.Count} scenarios passed</h1>
            """);
        foreach (ScenarioResult result in results)
        {
            AppendScenario(page, result);
        }
        page.Append("</body></html>\n");
        return page.ToString();
    }

    private static void AppendScenario(StringBuilder page, ScenarioResult result)
    {
        page.Append(CultureInfo.InvariantCulture, $"""
            <section><h2><span class="{Css(result.Passed)}">{(result.Passed ? "passed" : "failed")}</span> {Safe(result.Scenario.Name)}</h2>
            <p>{Safe(result.Scenario.Description)}</p>
            <p class="quiet">{result.Began:yyyy-MM-dd HH:mm:ss} UTC, took {result.Took.TotalSeconds:0.0} s, seed {result.Seed}. Repeat: <code>{Safe(result.Repeat)}</code></p>
            """);
        if (result.Breakdown is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $"""<p class="fail">{Safe(result.Breakdown)}</p>""");
        }
        page.Append("<table><tr><th>Check</th><th>Verdict</th><th>Found</th></tr>");
        foreach ((Check check, Verdict verdict) in result.Verdicts)
        {
            page.Append(CultureInfo.InvariantCulture, $"""<tr><td>{Safe(check.Name)}</td><td class="{Css(verdict.Kind == VerdictKind.Pass)}">{Word(verdict.Kind)}</td><td>{Safe(verdict.Text)}</td></tr>""");
        }
        page.Append("</table>").Append(ArrivalChart.Draw(result.Run));
        page.Append(CultureInfo.InvariantCulture, $"<details><summary>Timeline</summary><table>{Steps(result.Run)}</table></details>");
        page.Append(CultureInfo.InvariantCulture, $"<details><summary>The node's last lines</summary><pre>{Safe(string.Join('\n', result.NodeLog))}</pre></details></section>");
    }

    private static string Steps(RunRecord run) => string.Concat(run.Steps.Select(step =>
        $"<tr><td>{step.Began.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s</td><td>{Safe(step.Step.Text)}</td><td>{Safe(step.Failure ?? "done")}</td></tr>"));

    private static string Css(bool good) => good ? "pass" : "fail";

    private static string Word(VerdictKind kind) => kind switch
    {
        VerdictKind.Pass => "passed",
        VerdictKind.Fail => "failed",
        _ => "inconclusive",
    };

    private static string Safe(string text) => WebUtility.HtmlEncode(XmlText.Legal(text));
}
