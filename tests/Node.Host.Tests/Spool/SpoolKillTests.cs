using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Spool;

/// <summary>kill -9 for real: a child process appends and confirms until it is killed at a seeded instant, again and again on one file.</summary>
public sealed class SpoolKillTests
{
    private const int Kills = 25;

    [Fact]
    public async Task A_process_killed_at_any_instant_loses_nothing_that_it_called_durable()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("spool.db");
        var random = new Random(20260101);
        long highest = 0;
        var confirming = new HashSet<long>();
        for (int kill = 1; kill <= Kills; kill++)
        {
            (List<long> durable, List<long> mayBeGone) = await RunAndKillAsync(path, $"boot{kill}", random.Next(3, 150));
            confirming.UnionWith(mayBeGone);
            Assert.Equal(durable.Order(), durable.Distinct().Order());
            Assert.True(durable[0] > highest, $"sequence {durable[0]} was given out twice");
            highest = Math.Max(highest, durable.Max());

            await using Node.Host.Spool.Spool spool = Node.Host.Spool.Spool.Open(new SpoolOptions { Path = path }, $"check{kill}", TimeProvider.System, NullLogger.Instance);
            var left = new List<SpooledMessage>();
            while (spool.TakeUnsent(left, 10_000) > 0)
            {
                // until it hands out no more
            }

            long[] sequences = [.. left.Select(message => message.Sequence)];
            Assert.Equal(sequences.Order(), sequences);
            Assert.Equal(sequences.Distinct(), sequences);
            Assert.Empty(durable.Except(sequences).Except(confirming));
            Assert.True(spool.Statistics.LastDurableSequence >= highest);
            highest = spool.Statistics.LastDurableSequence; // what became durable after the last line that the parent read
            Assert.Equal(0, spool.Statistics.LostByCorruption + spool.Statistics.DroppedByCapacity);
            Assert.Empty(Directory.GetFiles(folder.Path, "*.corrupt-*"));
        }
    }

    private static async Task<(List<long> Durable, List<long> Confirming)> RunAndKillAsync(string path, string boot, int lines)
    {
        string child = Path.Combine(AppContext.BaseDirectory, "Spool.CrashChild.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [child, path, boot]) { RedirectStandardOutput = true })!;
        var durable = new List<long>();
        var confirming = new List<long>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            string[] words = line.Split(' ');
            (words[0] == "durable" ? durable : confirming).Add(long.Parse(words[1], CultureInfo.InvariantCulture));
            if (--lines == 0)
            {
                process.Kill(); // SIGKILL: the lines that are still in the pipe are read to their end
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(durable.Count > 0, "the child made nothing durable");
        return (durable, confirming);
    }
}
