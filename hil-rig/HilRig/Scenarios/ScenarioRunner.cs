using HilRig.Bench;
using HilRig.Checks;
using HilRig.Reports;

namespace HilRig.Scenarios;

/// <summary>Runs one scenario on a fresh emulated bench and judges it.</summary>
internal sealed class ScenarioRunner(NodeProgram program, BenchFile benchFile, Action<string>? echo, TimeProvider clock)
{
    private const int LinesInReports = 60;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(60);

    public async Task<ScenarioResult> RunAsync(Scenario scenario, int seed, CancellationToken cancellationToken)
    {
        DateTimeOffset began = clock.GetUtcNow();
        long zero = clock.GetTimestamp();
        using var folder = new TemporaryFolder("hilrig-run-");
        await using EmulatedBench bench = await EmulatedBench.StartAsync(Options(scenario, seed, folder.Path), cancellationToken);
        var steps = new StepPlayer(bench, clock);
        string? breakdown = await DriveAsync(bench, scenario, steps, cancellationToken);
        ReadingsAccount? account = bench.DiedByItself.IsCompleted ? null : await ReadingsAudit.RunAsync(bench, clock, cancellationToken);
        RunRecord run = Record(bench, steps, account);
        return new ScenarioResult
        {
            Scenario = scenario,
            Seed = seed,
            Began = began,
            Took = clock.GetElapsedTime(zero),
            Run = run,
            Verdicts = [.. scenario.Checks.Select(check => (check, check.Judge(run)))],
            Breakdown = breakdown ?? steps.FirstFailure,
            NodeLog = bench.Log.Lines(LinesInReports),
        };
    }

    private BenchOptions Options(Scenario scenario, int seed, string folder) => new()
    {
        Folder = folder,
        DeviceId = benchFile.DeviceId,
        Program = program,
        Seed = seed,
        Stimulus = scenario.Stimulus,
        Bus = benchFile.Bus,
        Board = benchFile.Board,
        Shim = benchFile.Shim,
        NodeSettings = benchFile.Merge(scenario.NodeSettings),
        Echo = echo,
        Clock = clock,
    };

    // Answers why the run itself went wrong; null when it did not.
    private async Task<string?> DriveAsync(EmulatedBench bench, Scenario scenario, StepPlayer steps, CancellationToken cancellationToken)
    {
        bench.StartNode();
        if (scenario.StartsWhen == TimelineStart.Connected)
        {
            await Waiting.UntilAsync(() => bench.Watch.Connected is not null || bench.DiedByItself.IsCompleted, ConnectPatience, clock, cancellationToken);
        }
        if (scenario.StartsWhen == TimelineStart.Connected && bench.Watch.Connected is null && !bench.DiedByItself.IsCompleted)
        {
            return $"the node did not connect within {Durations.Write(ConnectPatience)}, so the timeline never began";
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task timeline = steps.PlayAsync(scenario, stop.Token);
        if (await Task.WhenAny(timeline, bench.DiedByItself) == bench.DiedByItself)
        {
            await stop.CancelAsync();
        }
        await timeline.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return bench.DiedByItself.IsCompleted ? $"the node ended by itself with exit code {await bench.DiedByItself}" : null;
    }

    private static RunRecord Record(EmulatedBench bench, StepPlayer steps, ReadingsAccount? account) => new()
    {
        Connected = bench.Watch.Connected,
        Arrivals = bench.Arrivals.Snapshot(),
        Steps = steps.Played,
        Twins = bench.Watch.Twins,
        Stops = bench.Stops,
        Account = account,
    };
}
