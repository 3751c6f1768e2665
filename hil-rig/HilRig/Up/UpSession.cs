using HilRig.Bench;
using HilRig.Checks;
using HilRig.Reports;
using HilRig.Scenarios;
using HilRig.Service;

namespace HilRig.Up;

/// <summary>Hub and node on one machine, shown live until the time is over, the user interrupts or the node dies.</summary>
internal sealed class UpSession(UpOptions options, NodeProgram program, LastHub lastHub, LiveLine line, Action<string>? echo, TimeProvider clock)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan InterruptGrace = TimeSpan.FromSeconds(1);

    /// <summary>Answers the exit code: 0, or 1 when something promised did not hold.</summary>
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        using TemporaryFolder? temporary = options.DataFolder is null ? new TemporaryFolder("hilrig-up-") : null;
        string folder = temporary?.Path ?? Directory.CreateDirectory(options.DataFolder!).FullName;
        await using EmulatedBench bench = await EmulatedBench.StartAsync(BenchOptions(folder), CancellationToken.None);
        bench.StartNode();
        lastHub.TryRemember(bench.HubFilePath);
        try
        {
            line.Tell(LiveText.Opening(bench, folder));
            return await RunAsync(bench, interrupted);
        }
        finally
        {
            lastHub.Forget(bench.HubFilePath);
        }
    }

    private BenchOptions BenchOptions(string folder) => new()
    {
        Folder = folder,
        Program = program,
        Stimulus = new Stimulus { Trace = options.Trace },
        Bus = options.Bus,
        Shim = options.Shim,
        Board = options.Board,
        Echo = echo,
        Clock = clock,
    };

    private async Task<int> RunAsync(EmulatedBench bench, CancellationToken interrupted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        var tour = new GuidedTour(bench, clock, line.Tell);
        Task touring = options.For is null ? Task.CompletedTask : tour.RunAsync(over.Token);
        await ShowAsync(bench, interrupted);
        await over.CancelAsync();
        await touring;
        if (await HasDiedAsync(bench, interrupted))
        {
            return ReportDeath(bench, await bench.DiedByItself);
        }
        bool counted = options.For is not null || options.SummaryFile is not null;
        return counted ? await CountAsync(bench, tour, interrupted) : await StopAsync(bench);
    }

    // Ends when the time is over, at an interrupt, or when the node is gone.
    private async Task ShowAsync(EmulatedBench bench, CancellationToken interrupted)
    {
        bool introduced = false;
        using var pace = new PeriodicTimer(Pace, clock);
        try
        {
            while (!bench.DiedByItself.IsCompleted && (options.For is not { } limit || bench.Elapsed < limit))
            {
                if (!introduced && bench.Dashboard is { } dashboard)
                {
                    line.Tell($"dashboard  {dashboard}");
                    line.Tell(LiveText.TryNext());
                    introduced = true;
                }
                line.Show(LiveText.Line(bench.Elapsed, bench.Watch.Latest, bench.Arrivals.Refresh()));
                await pace.WaitForNextTickAsync(interrupted);
            }
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            line.Tell("stopping");
        }
    }

    // Ctrl-C in a terminal reaches the node as well: a node that ends in the same second was not dying by itself.
    private async Task<bool> HasDiedAsync(EmulatedBench bench, CancellationToken interrupted)
    {
        if (!bench.DiedByItself.IsCompleted)
        {
            return false;
        }
        await Waiting.UntilAsync(() => interrupted.IsCancellationRequested, InterruptGrace, clock, CancellationToken.None);
        return !interrupted.IsCancellationRequested || await bench.DiedByItself != 0;
    }

    private int ReportDeath(EmulatedBench bench, int exitCode)
    {
        line.Tell($"the node ended by itself with exit code {exitCode}; its last lines:");
        foreach (string last in bench.Log.Lines(most: 20))
        {
            line.Tell($"  node | {last}");
        }
        return ExitCodes.Failed;
    }

    private static async Task<int> StopAsync(EmulatedBench bench)
    {
        await bench.StopNodeAsync();
        return bench.Stops.Any(stop => stop.WasKilled) ? ExitCodes.Failed : ExitCodes.Passed;
    }

    private async Task<int> CountAsync(EmulatedBench bench, GuidedTour tour, CancellationToken interrupted)
    {
        line.Tell("stopping the node and counting its readings");
        ReadingsAccount? account = await ReadingsAudit.RunAsync(bench, clock, CancellationToken.None);
        var run = new RunRecord
        {
            Connected = bench.Watch.Connected,
            Arrivals = bench.Arrivals.Snapshot(),
            Stops = bench.Stops,
            Account = account,
        };
        bool toured = options.For is not null && !interrupted.IsCancellationRequested;
        UpSummary summary = UpSummary.Of(run, toured, tour.TwinAcknowledged, tour.MethodsAnswered);
        line.Tell(LiveText.Closing(summary));
        foreach (string broken in summary.Broken)
        {
            line.Tell($"FAILED: {broken}");
        }
        if (options.SummaryFile is { } file)
        {
            SummaryFile.Write(file, summary);
        }
        return summary.Broken.Count == 0 ? ExitCodes.Passed : ExitCodes.Failed;
    }
}
