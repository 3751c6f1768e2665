using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HilRig.Bench;
using HilRig.Checks;
using HilRig.Reports;
using HilRig.Scenarios;
using HilRig.Tests.Checks;

namespace HilRig.Tests.Reports;

public sealed partial class ReportTests
{
    [Fact]
    public void Junit_has_a_suite_for_each_scenario_and_a_case_for_each_check()
    {
        XElement root = JunitReport.Build([Result(passes: true), Result(passes: false)]).Root!;

        Assert.Equal("testsuites", root.Name);
        Assert.Equal("6", root.Attribute("tests")!.Value);
        Assert.Equal("1", root.Attribute("failures")!.Value);
        Assert.Equal("1", root.Attribute("errors")!.Value);
        XElement[] suites = [.. root.Elements("testsuite")];
        Assert.Equal(2, suites.Length);
        Assert.Equal(["0", "1"], suites.Select(suite => suite.Attribute("failures")!.Value));
        Assert.Equal(3, suites[1].Elements("testcase").Count());
        Assert.All(root.Descendants("testcase"), one => Assert.NotEqual("", one.Attribute("name")!.Value + one.Attribute("classname")!.Value));
    }

    [Fact]
    public void Every_counter_of_junit_is_what_stands_in_it()
    {
        XElement root = JunitReport.Build([Result(passes: true), Result(passes: false)]).Root!;

        foreach (XElement suite in root.Elements("testsuite"))
        {
            Assert.Equal(Number(suite, "tests"), suite.Elements("testcase").Count());
            Assert.Equal(Number(suite, "failures"), suite.Elements("testcase").Count(one => one.Element("failure") is not null));
            Assert.Equal(Number(suite, "errors"), suite.Elements("testcase").Count(one => one.Element("error") is not null));
            Assert.True(double.Parse(suite.Attribute("time")!.Value, CultureInfo.InvariantCulture) > 0);
            Assert.Matches("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}$", suite.Attribute("timestamp")!.Value);
        }
    }

    [Fact]
    public void Both_reports_name_the_seed_that_repeats_the_run()
    {
        ScenarioResult[] results = [Result(passes: false)];

        XElement root = JunitReport.Build(results).Root!;

        Assert.Equal("4711", root.Descendants("property").Single(property => property.Attribute("name")!.Value == "seed").Attribute("value")!.Value);
        Assert.Contains("seed 4711", root.Descendants("failure").Single().Value, StringComparison.Ordinal);
        Assert.Contains("--seed 4711", HtmlReport.Build(results), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_outside_cannot_break_either_report()
    {
        ScenarioResult result = Result(passes: false) with { NodeLog = ["<script>alert('x')</script> & \u0000 \u001b[31m \ud800 😀"] };

        string xml = JunitReport.Build([result]).ToString();
        string html = HtmlReport.Build([result]);

        Assert.Contains("😀", XDocument.Parse(xml).Descendants("system-out").Last().Value, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0000', html);
    }

    [Fact]
    public void The_page_needs_nothing_from_outside()
    {
        string html = HtmlReport.Build([Result(passes: true), Result(passes: false)]);

        Assert.DoesNotMatch(OutsideReference(), html);
        Assert.Contains("width=device-width", html, StringComparison.Ordinal);
        Assert.Contains("1 of 2 scenarios passed", html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_is_made_and_holds_both_files()
    {
        using var folder = new TemporaryFolder("hilrig-test-");
        string report = Path.Combine(folder.Path, "deep", "er");

        ReportFolder.Write(report, [Result(passes: true)]);

        Assert.Equal("testsuites", XDocument.Load(Path.Combine(report, "junit.xml")).Root!.Name);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(Path.Combine(report, "report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_a_clear_error()
    {
        RigException fault = Assert.Throws<RigException>(() => ReportFolder.Write("/proc/nowhere", [Result(passes: true)]));

        Assert.Contains("/proc/nowhere: the report cannot be written here", fault.Message, StringComparison.Ordinal);
    }

    internal static ScenarioResult Result(bool passes)
    {
        var scenario = new Scenario { File = "a.yaml", Name = "A \"quoted\" <name>", Duration = TimeSpan.FromSeconds(1), Description = "Why." };
        var run = new RunRecord
        {
            Connected = TimeSpan.FromSeconds(1),
            Arrivals = CheckTests.Readings(0, 1, 5),
            Steps = [new StepRecord(new MethodStep(TimeSpan.Zero, "led*toggle", JsonValue.Create(1)), TimeSpan.Zero, TimeSpan.FromSeconds(1))],
        };
        (Check, Verdict)[] verdicts = passes
            ? [(new NothingLost(), Verdict.Pass("fine")), (new ReadingsAtLeast(1), Verdict.Pass("5"))]
            : [(new NothingLost(), Verdict.Fail("2 lost")), (new ReadingsAtLeast(1), Verdict.Inconclusive("nothing to see"))];
        return new ScenarioResult
        {
            Scenario = scenario,
            Seed = 4711,
            Began = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Took = TimeSpan.FromSeconds(2),
            Run = run,
            Verdicts = verdicts,
        };
    }

    private static int Number(XElement element, string attribute) => int.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("(src|href)=|url\\(|@import|https?://", RegexOptions.IgnoreCase)]
    private static partial Regex OutsideReference();
}
