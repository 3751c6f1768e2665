using System.Globalization;
using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Hub;

public sealed class LongBacklogTests
{
    private const int Rows = 100_000;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData(1), InlineData(50)]
    public async Task After_a_hundred_thousand_readings_a_new_one_is_there_within_two_periods_while_the_backlog_drains_oldest_first(int batch)
    {
        using var node = new TestNode(null, ["climate"], null, null,
            new UploadOptions { BatchCount = batch, BatchDelay = TimeSpan.FromSeconds(1) });
        await FillAsync(node);
        node.Connect();
        var seen = new List<(long First, long Last)>();
        TimeSpan? newThere = null;
        long from = TimeProvider.System.GetTimestamp();
        TimeSpan virtually = TimeSpan.Zero;
        int sampled = 0;
        for (int turn = 0; node.Spool.Statistics.Depth > 0; turn++, virtually += TimeSpan.FromMilliseconds(100))
        {
            Assert.True(turn < 20_000, "the backlog does not drain");
            if (turn % 50 == 0 && turn < 200)
            {
                await node.SampleAsync(Cancelled); // Every period of virtual time.
                sampled++;
            }

            int before = node.Client.Sent.Count;
            node.Time.Advance(TimeSpan.FromMilliseconds(100)); // The hub's answer takes a tenth of a second.
            node.Client.EndTelemetry(SendConfirmation.Ok);
            node.Loop.Turn();
            newThere ??= node.Client.Sent.Skip(before).Any(message => Range(message).Last > Rows) ? virtually : null;
        }

        seen.AddRange(node.Client.Sent.Select(Range));
        Assert.True(newThere <= 2 * Period, $"the first new reading came after {newThere}");
        List<(long First, long Last)> backlog = [.. seen.Where(range => range.Last <= Rows)];
        Assert.Equal(1, backlog[0].First);
        Assert.All(backlog.Zip(backlog.Skip(1)), pair => Assert.Equal(pair.First.Last + 1, pair.Second.First));
        Assert.Equal(Rows, backlog[^1].Last);
        Assert.Equal(Rows + sampled, node.Loop.Telemetry.Confirmed);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{batch} in a message: first new reading after {newThere!.Value.TotalSeconds:0.0} s, backlog gone after {virtually.TotalSeconds:0.0} s of virtual time, "
            + $"{Rows / TimeProvider.System.GetElapsedTime(from).TotalSeconds:0} readings a second through spool and loop"));
    }

    private static (long First, long Last) Range(TelemetryMessage message)
    {
        Dictionary<string, string?> properties = message.Properties.ToDictionary();
        return (long.Parse(properties["seq"]!, CultureInfo.InvariantCulture), long.Parse(properties.GetValueOrDefault("lastSeq") ?? properties["seq"]!, CultureInfo.InvariantCulture));
    }

    private static async Task FillAsync(TestNode node)
    {
        const int AtOnce = 5_000;
        for (int stored = 0; stored < Rows; stored += AtOnce)
        {
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => node.Spool.AppendAsync(
                new SpoolEntry("climate", TestNode.Start, true, 0, """{"temperature":21.5}"""u8.ToArray()), Cancelled).AsTask()));
        }
    }
}
