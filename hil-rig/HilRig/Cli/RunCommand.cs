using System.CommandLine;
using System.Globalization;
using HilRig.Bench;
using HilRig.Checks;
using HilRig.Reports;
using HilRig.Scenarios;

namespace HilRig.Cli;

/// <summary><c>hilrig run</c>: plays scenarios and judges them.</summary>
internal static class RunCommand
{
    private static readonly Argument<string[]> Paths = new("SCENARIO|FOLDER") { Description = "Scenario files, or folders of them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string?> Bench = new("--bench") { Description = "The bench to run on (default: an emulated one).", HelpName = "FILE" };
    private static readonly Option<int?> Seed = new("--seed") { Description = "Repeat a run: outranks the scenarios' own seeds.", HelpName = "N" };
    private static readonly Option<string?> Report = new("--report") { Description = "Write junit.xml and report.html into this folder.", HelpName = "DIR" };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show the node's own log on standard error." };

    public static Command Build()
    {
        var command = new Command("run", "Run scenarios. Exit code 0: all passed; 1: a check failed; 2: unusable input.") { Paths, Bench, BusChoice.Bus, Seed, Report, Verbose };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        // Everything is read before anything runs: a fault in the last file must not show after an hour.
        Scenario[] scenarios = [.. ScenarioFiles.Find(parsed.GetRequiredValue(Paths)).Select(ScenarioReader.Read)];
        BenchFile bench = parsed.GetValue(Bench) is { } file ? BenchFile.Read(file) : new BenchFile();
        bench = parsed.GetValue(BusChoice.Bus) is { } bus ? bench with { Bus = bus } : bench;
        bench = bench with { Shim = await BusChoice.ShimAsync(bench.Bus, cancellationToken) };
        NodeProgram program = bench.Program is { } named ? NodeProgram.At(named) : NodeProgram.Find();
        Action<string>? echo = parsed.GetValue(Verbose) ? text => Console.Error.WriteLine($"node | {text}") : null;
        var runner = new ScenarioRunner(program, bench, echo, TimeProvider.System);
        var results = new List<ScenarioResult>();
        foreach (Scenario scenario in scenarios)
        {
            Console.WriteLine($"{scenario.Name} ({scenario.File}, {Durations.Write(scenario.Duration)})");
            ScenarioResult result = await runner.RunAsync(scenario, parsed.GetValue(Seed) ?? scenario.Seed, cancellationToken);
            results.Add(result);
            Write(result);
        }
        if (parsed.GetValue(Report) is { } folder)
        {
            ReportFolder.Write(folder, results);
            Console.WriteLine($"report: {Path.GetFullPath(Path.Combine(folder, "report.html"))}");
        }
        int passed = results.Count(result => result.Passed);
        Console.WriteLine($"{passed} of {results.Count} scenarios passed");
        return passed == results.Count ? ExitCodes.Passed : ExitCodes.Failed;
    }

    private static void Write(ScenarioResult result)
    {
        if (result.Breakdown is not null)
        {
            Console.WriteLine($"  FAILED  {result.Breakdown}");
        }
        foreach ((Check check, Verdict verdict) in result.Verdicts)
        {
            string word = verdict.Kind switch { VerdictKind.Pass => "passed", VerdictKind.Fail => "FAILED", _ => "UNSURE" };
            Console.WriteLine($"  {word}  {check.Name}: {verdict.Text}");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {(result.Passed ? "passed" : "FAILED")} in {result.Took.TotalSeconds:0.0} s; repeat: {result.Repeat}"));
        if (!result.Passed)
        {
            foreach (string line in result.NodeLog.TakeLast(15))
            {
                Console.WriteLine($"    node | {line}");
            }
        }
    }
}
