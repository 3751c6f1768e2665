using System.Text;
using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>What goes when the capacity is reached.</summary>
public sealed class SpoolDropTests
{
    private const int Messages = 300;
    private static readonly string Body = new('x', 10_000);

    [Fact]
    public async Task Drop_new_keeps_the_beginning_of_an_outage_and_lets_alarms_in()
    {
        using var rig = new SpoolRig(capacityBytes: 1 << 20, dropPolicy: DropPolicy.DropNew);
        await AppendAsync(rig);
        long alarm = await rig.AppendAsync(Body, priority: 1);
        SpoolStatistics full = rig.Spool.Statistics;

        long[] left = [.. rig.Take().Select(message => message.Sequence)];

        Assert.Equal((Messages + 1, full.AppendedTotal), (alarm, alarm));
        Assert.Equal(full.AppendedTotal, full.Depth + full.DroppedByCapacity);
        Assert.Equal(alarm, left[0]);
        Assert.Equal(Enumerable.Range(1, left.Length - 1).Select(number => (long)number), left[1..]);
        Assert.InRange(full.Bytes, 800_000, 1 << 20);
        await AssertCountsSurviveAsync(rig, full);
    }

    [Fact]
    public async Task Downsample_keeps_the_whole_outage_ever_more_coarsely()
    {
        using var rig = new SpoolRig(capacityBytes: 1 << 20, dropPolicy: DropPolicy.Downsample);
        await AppendAsync(rig);
        SpoolStatistics full = rig.Spool.Statistics;

        long[] left = [.. rig.Take().Select(message => message.Sequence)];

        Assert.Equal(0, full.DroppedByCapacity);
        Assert.Equal(Messages, full.Depth + full.DroppedByThinning);
        Assert.Equal(1, left[0]);
        Assert.Equal(Messages, left[^1]);
        Assert.InRange(left.Zip(left.Skip(1), (a, b) => b - a).Max(), 2, 8); // No hole: an outage of three times the room is kept at about a third.
        await AssertCountsSurviveAsync(rig, full);
    }

    [Fact]
    public async Task Downsample_thins_each_sensor_by_itself()
    {
        using var rig = new SpoolRig(capacityBytes: 1 << 20, dropPolicy: DropPolicy.Downsample);
        for (int number = 0; number < 140; number++)
        {
            await rig.Spool.AppendAsync(new SpoolEntry(
                number % 2 == 0 ? "often" : "also", rig.Clock.GetUtcNow(), true, 0, Encoding.UTF8.GetBytes(Body)), TestContext.Current.CancellationToken);
        }

        ILookup<string, SpooledMessage> left = rig.Take().ToLookup(message => message.Component);

        Assert.InRange(left["often"].Count() - left["also"].Count(), -1, 1);
    }

    [Fact]
    public async Task Smaller_limits_hold_at_once()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig);
        Assert.Equal(Messages, rig.Spool.Statistics.Depth);

        rig.Spool.Apply(new SpoolLimits { CapacityBytes = 1 << 20, CommitDelay = TimeSpan.Zero });
        await rig.FlushAsync();

        Assert.InRange(rig.Spool.Statistics.Bytes, 800_000, 1 << 20);
        Assert.Throws<ArgumentException>(() => rig.Spool.Apply(new SpoolLimits { CapacityBytes = 17 }));
    }

    private static async Task AppendAsync(SpoolRig rig)
    {
        for (int number = 0; number < Messages; number++)
        {
            await rig.AppendAsync(Body);
        }
    }

    private static async Task AssertCountsSurviveAsync(SpoolRig rig, SpoolStatistics before)
    {
        rig.Close();
        rig.Reopen();
        SpoolStatistics after = rig.Spool.Statistics;
        Assert.Equal(
            (before.Depth, before.DroppedByCapacity, before.DroppedByThinning), (after.Depth, after.DroppedByCapacity, after.DroppedByThinning));
        Assert.True(new FileInfo(rig.Options.Path).Length <= (1 << 20) + 4096, $"{new FileInfo(rig.Options.Path).Length} bytes");
        Assert.Equal(before.AppendedTotal + 1, await rig.AppendAsync("{}"));
    }
}
