using System.Globalization;
using System.Xml.Linq;
using HilRig.Checks;

namespace HilRig.Reports;

/// <summary>
/// JUnit XML: a suite for each scenario, a case for each check and one for the run itself, so that CI shows what failed by its name.
/// </summary>
internal static class JunitReport
{
    public static XDocument Build(IReadOnlyList<ScenarioResult> results)
    {
        XElement[] suites = [.. results.Select(Suite)];
        return new XDocument(new XElement(
            "testsuites",
            new XAttribute("name", "hilrig"),
            Total(suites, "tests"),
            Total(suites, "failures"),
            Total(suites, "errors"),
            new XAttribute("time", Seconds(results.Aggregate(TimeSpan.Zero, (sum, result) => sum + result.Took))),
            suites));
    }

    private static XElement Suite(ScenarioResult result)
    {
        XElement[] cases = [RunCase(result), .. result.Verdicts.Select(one => Case(result, one.Check, one.Verdict))];
        return new XElement(
            "testsuite",
            new XAttribute("name", XmlText.Legal(result.Scenario.Name)),
            new XAttribute("tests", cases.Length),
            new XAttribute("failures", cases.Count(one => one.Element("failure") is not null)),
            new XAttribute("errors", cases.Count(one => one.Element("error") is not null)),
            new XAttribute("skipped", 0),
            new XAttribute("time", Seconds(result.Took)),
            new XAttribute("timestamp", result.Began.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)),
            new XElement(
                "properties",
                Property("scenario", result.Scenario.File),
                Property("seed", result.Seed.ToString(CultureInfo.InvariantCulture)),
                Property("repeat", result.Repeat)),
            cases,
            new XElement("system-out", XmlText.Legal(string.Join('\n', result.NodeLog))));
    }

    private static XElement RunCase(ScenarioResult result)
    {
        XElement run = Case(result, "the run itself", result.Took);
        if (result.Breakdown is not null)
        {
            run.Add(new XElement("error", new XAttribute("message", XmlText.Legal(result.Breakdown)), XmlText.Legal($"{result.Breakdown}\nseed {result.Seed}")));
        }
        return run;
    }

    private static XElement Case(ScenarioResult result, Check check, Verdict verdict)
    {
        XElement made = Case(result, check.Name, TimeSpan.Zero);
        string text = XmlText.Legal(verdict.Text);
        switch (verdict.Kind)
        {
            case VerdictKind.Fail:
                made.Add(new XElement("failure", new XAttribute("message", text), new XAttribute("type", check.GetType().Name), $"{text}\nat {check.Place}\nseed {result.Seed}"));
                break;
            case VerdictKind.Inconclusive:
                made.Add(new XElement("error", new XAttribute("message", text), new XAttribute("type", "Inconclusive"), $"{text}\nat {check.Place}\nseed {result.Seed}"));
                break;
            default:
                made.Add(new XElement("system-out", text));
                break;
        }
        return made;
    }

    private static XElement Case(ScenarioResult result, string name, TimeSpan took) => new(
        "testcase",
        new XAttribute("classname", XmlText.Legal(result.Scenario.Name)),
        new XAttribute("name", XmlText.Legal(name)),
        new XAttribute("time", Seconds(took)));

    private static XElement Property(string name, string value) =>
        new("property", new XAttribute("name", name), new XAttribute("value", XmlText.Legal(value)));

    private static XAttribute Total(XElement[] suites, string what) => new(what, suites.Sum(suite => (int)suite.Attribute(what)!));

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
