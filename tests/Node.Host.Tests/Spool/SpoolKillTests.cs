using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Spool;

/// <summary>
/// kill -9 for real: a child process appends, loses its hub, drains and confirms until it is killed at a seeded instant, again and again on
/// one file; several files at a time.
/// </summary>
public sealed class SpoolKillTests
{
    private const int Files = 4;
    private const int KillsOfEach = 50;

    [Fact]
    public async Task A_process_killed_at_any_of_200_instants_loses_nothing_that_it_called_durable() =>
        await Task.WhenAll(Enumerable.Range(1, Files).Select(KillAgainAndAgainAsync));

    private static async Task KillAgainAndAgainAsync(int seed)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("spool.db");
        var random = new Random(seed);
        var story = new Story();
        for (int kill = 1; kill <= KillsOfEach; kill++)
        {
            await RunAndKillAsync(path, $"boot{kill}", random, story);
            await using Node.Host.Spool.Spool spool = Node.Host.Spool.Spool.Open(
                new SpoolOptions { Path = path }, $"check{kill}", TimeProvider.System, NullLogger.Instance);
            Check(spool, story, $"seed {seed}, kill {kill}");
            Assert.Empty(Directory.GetFiles(folder.Path, "*.corrupt-*"));
        }
    }

    private static void Check(Node.Host.Spool.Spool spool, Story story, string place)
    {
        var left = new List<SpooledMessage>();
        while (spool.TakeUnsent(left, 10_000) > 0)
        {
            // until it hands out no more
        }

        long[] sequences = [.. left.Select(message => message.Sequence)];
        Assert.True(sequences.Distinct().Count() == sequences.Length, $"{place}: a reading is handed out twice");
        foreach (IGrouping<int, SpooledMessage> kind in left.GroupBy(message => message.Priority))
        {
            Assert.Equal(kind.Select(message => message.Sequence).Order(), kind.Select(message => message.Sequence));
        }

        long[] missing = [.. story.Durable.Except(sequences).Except(story.MayBeGone)];
        Assert.True(missing.Length == 0, $"{place}: durable and gone: {string.Join(", ", missing)}");
        SpoolStatistics statistics = spool.Statistics;
        Assert.True(statistics.LastDurableSequence >= story.Highest, $"{place}: numbers are given out again");
        Assert.Equal((0, sequences.Length), (statistics.Dropped, statistics.Depth));
        Assert.Equal(statistics.AppendedTotal, statistics.Depth + statistics.ConfirmedTotal);
        story.Highest = statistics.LastDurableSequence; // what became durable after the last line that the parent read
    }

    private static async Task RunAndKillAsync(string path, string boot, Random random, Story story)
    {
        string child = Path.Combine(AppContext.BaseDirectory, "Spool.CrashChild.dll");
        string seed = random.Next().ToString(CultureInfo.InvariantCulture);
        int lines = random.Next(1, 250);
        long before = story.Highest;
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [child, path, boot, seed]) { RedirectStandardOutput = true })!;
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Split(' ') is [string fact, string number] && long.TryParse(number, CultureInfo.InvariantCulture, out long sequence))
            {
                story.Note(fact, sequence, before);
            }

            if (--lines == 0)
            {
                process.Kill(); // SIGKILL: the lines that are still in the pipe are read to their end
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What the children said before they were killed.</summary>
    private sealed class Story
    {
        public HashSet<long> Durable { get; } = [];

        public HashSet<long> MayBeGone { get; } = [];

        public long Highest { get; set; }

        public void Note(string fact, long sequence, long before)
        {
            if (fact == "confirming")
            {
                MayBeGone.Add(sequence);
                return;
            }

            Assert.Equal("durable", fact);
            Assert.True(sequence > before && Durable.Add(sequence), $"{sequence} was given out twice");
            Highest = Math.Max(Highest, sequence);
        }
    }
}
