using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Spool;

namespace Node.Host.Cli;

/// <summary><c>sensornode spool</c>: what waits for the hub, as a table, as CSV, or thrown away.</summary>
internal static class SpoolCommand
{
    private static readonly TimeSpan RateSpan = TimeSpan.FromSeconds(2);

    public static Command Create(Option<string[]> settings, NodeClock clock)
    {
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var stat = new Command("stat", "Shows what waits, since when, what became of the rest, and the rates while a node runs.") { json };
        stat.SetAction((parsed, cancellationToken) => Guarded(() => StatAsync(parsed, settings, parsed.GetValue(json), clock, cancellationToken)));

        var output = new Option<string?>("--output") { Description = "File to write; standard output when left out.", HelpName = "FILE" };
        SpoolSelection selection = SpoolSelection.Create();
        var export = new Command("export", "Writes what waits as CSV, oldest first; the spool stays as it is.") { output };
        selection.AddTo(export);
        export.SetAction(parsed => Guarded(() => Task.FromResult(Export(parsed, settings, selection, parsed.GetValue(output)))).Result);

        var all = new Option<bool>("--all") { Description = "Throws everything away that waits." };
        SpoolSelection purged = SpoolSelection.Create();
        var purge = new Command("purge", "Throws readings away that wait; the node must be stopped. They are counted as purged.") { all };
        purged.AddTo(purge);
        purge.SetAction((parsed, cancellationToken) => Guarded(() => PurgeAsync(parsed, settings, purged, parsed.GetValue(all), clock, cancellationToken)));
        return new Command("spool", "Looks into the store of readings that wait for the hub.") { stat, export, purge };
    }

    private static async Task<int> Guarded(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (SpoolException unusable)
        {
            return NodeCommandLine.Refuse(unusable.Message, NodeCommandLine.Failed);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return NodeCommandLine.Refuse(failure.Message, NodeCommandLine.Failed);
        }
    }

    private static async Task<int> StatAsync(
        ParseResult parsed, Option<string[]> settings, bool json, NodeClock clock, CancellationToken cancellationToken)
    {
        if (!TryFindSpool(parsed, settings, out LoadedConfiguration loaded, out string path))
        {
            return NodeCommandLine.Unusable;
        }

        using SpoolInspection spool = SpoolInspection.Open(path);
        SpoolTotals first = spool.Totals();
        long since = clock.Time.GetTimestamp();
        bool runs = RunningNode.Read(loaded.Options.DataFolder) is not null;
        if (runs)
        {
            await Task.Delay(RateSpan, clock.Time, cancellationToken);
        }

        var report = new SpoolReport(
            path, new FileInfo(path).Length, loaded.Options.Spool, spool.Totals(), spool.Sensors(), clock.UtcNow,
            runs ? (first, clock.Time.GetElapsedTime(since)) : null);
        Console.WriteLine(json ? report.ToJson().ToJsonString() : report.ToText());
        return NodeCommandLine.Done;
    }

    private static int Export(ParseResult parsed, Option<string[]> settings, SpoolSelection selection, string? output)
    {
        if (!TryFindSpool(parsed, settings, out _, out string path) || !selection.TryRead(parsed, out Func<SpooledMessage, bool> isSelected))
        {
            return NodeCommandLine.Unusable;
        }

        using SpoolInspection spool = SpoolInspection.Open(path);
        using StreamWriter? file = output is null ? null : new StreamWriter(output);
        TextWriter csv = file ?? Console.Out;
        csv.WriteLine("sequence,boot,component,sampledAt,timeSynced,quality,priority,body");
        long rows = 0;
        spool.Visit(message =>
        {
            if (isSelected(message))
            {
                csv.WriteLine(SpoolCsv.Row(message));
                rows++;
            }
        });
        if (output is not null)
        {
            Console.WriteLine($"{Counted.Of(rows, "reading")} written to {output}");
        }

        return NodeCommandLine.Done;
    }

    private static async Task<int> PurgeAsync(
        ParseResult parsed, Option<string[]> settings, SpoolSelection selection, bool all, NodeClock clock, CancellationToken cancellationToken)
    {
        if (!TryFindSpool(parsed, settings, out LoadedConfiguration loaded, out string path) || !selection.TryRead(parsed, out Func<SpooledMessage, bool> isSelected))
        {
            return NodeCommandLine.Unusable;
        }

        if (all == selection.IsGiven(parsed))
        {
            return NodeCommandLine.Refuse("say what to throw away: --all, or one or more of --sensor, --from and --to");
        }

        SpoolInspection.Open(path).Dispose(); // Refuses what is no spool, before one is made there.
        await using var spool = Spool.Spool.Open(
            new SpoolOptions { Path = path, Limits = loaded.Options.Spool with { MaxAge = TimeSpan.Zero } }, NodeIdentity.Draw().BootId, clock.Time, NullLogger.Instance);
        long purged = await spool.PurgeAsync(isSelected, cancellationToken);
        Console.WriteLine($"{Counted.Of(purged, "reading")} thrown away, {Counted.Of(spool.Statistics.Depth, "reading")} left");
        return NodeCommandLine.Done;
    }

    private static bool TryFindSpool(ParseResult parsed, Option<string[]> settings, out LoadedConfiguration loaded, out string path)
    {
        bool usable = Settings.TryLoad(parsed, settings, out _, out loaded);
        path = Path.Combine(loaded.Options.DataFolder, SpoolOptions.FileName);
        return usable;
    }
}
