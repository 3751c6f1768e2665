using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

/// <summary>Live messages beside a backlog.</summary>
public sealed class SpoolLaneTests
{
    [Fact]
    public async Task New_messages_do_not_wait_behind_a_backlog_and_each_lane_is_in_order()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 10);
        rig.Spool.SplitBacklog(most: 5);
        await AppendAsync(rig, 2);
        await rig.AppendAsync("{}", priority: 1);

        List<SpooledMessage> taken = rig.Take(maximum: 6);

        Assert.Equal([13L, 11L, 12L, 1L, 2L, 3L], taken.Select(message => message.Sequence));
        Assert.Equal([false, false, false, true, true, true], taken.Select(message => message.IsBacklog));
    }

    [Fact]
    public async Task The_caller_bounds_what_it_takes_of_the_backlog()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 10);
        rig.Spool.SplitBacklog(most: 0);
        await AppendAsync(rig, 1);

        Assert.Equal([11L, 1L, 2L], rig.Take(maximum: 8, backlog: 2).Select(message => message.Sequence));
        Assert.Empty(rig.Take(maximum: 8, backlog: -1));
    }

    [Fact]
    public async Task A_backlog_that_fits_is_none_and_all_go_out_in_order()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 5);
        rig.Spool.SplitBacklog(most: 5);
        await AppendAsync(rig, 1);

        List<SpooledMessage> taken = rig.Take();

        Assert.Equal([1L, 2L, 3L, 4L, 5L, 6L], taken.Select(message => message.Sequence));
        Assert.DoesNotContain(taken, message => message.IsBacklog);
    }

    [Fact]
    public async Task A_line_drawn_anew_hands_nothing_out_twice_and_leaves_nothing_out()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 10);
        rig.Spool.SplitBacklog(most: 0);
        await AppendAsync(rig, 4);
        List<SpooledMessage> first = rig.Take(maximum: 5); // 11 to 14 and 1
        first.ForEach(message => rig.Spool.Release(message.Sequence)); // The hub went away.
        await AppendAsync(rig, 2);
        rig.Spool.SplitBacklog(most: 0);
        await AppendAsync(rig, 1);

        List<SpooledMessage> second = rig.Take();

        Assert.Equal([17L, .. Enumerable.Range(1, 16).Select(number => (long)number)], second.Select(message => message.Sequence));
    }

    [Fact]
    public async Task Lanes_that_join_again_go_out_in_order()
    {
        using var rig = new SpoolRig();
        await AppendAsync(rig, 6);
        rig.Spool.SplitBacklog(most: 0);
        await AppendAsync(rig, 2);
        rig.Take(maximum: 3).ForEach(message => rig.Spool.Release(message.Sequence)); // 7, 8 and 1
        rig.Spool.SplitBacklog(most: 100);

        Assert.Equal([1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L], rig.Take().Select(message => message.Sequence));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public async Task A_thousand_random_steps_hand_out_everything_once(int seed)
    {
        using var rig = new SpoolRig();
        var random = new Random(seed);
        var unsent = new HashSet<long>();
        var held = new List<SpooledMessage>();
        for (int step = 0; step < 1_000; step++)
        {
            switch (random.Next(12))
            {
                case < 5:
                    unsent.Add(await rig.AppendAsync("{}", priority: random.Next(8) == 0 ? 1 : 0));
                    break;
                case < 8:
                    List<SpooledMessage> taken = rig.Take(random.Next(1, 12), random.Next(8));
                    Assert.All(taken, message => Assert.True(unsent.Remove(message.Sequence), $"seed {seed}, step {step}: {message.Sequence} came twice"));
                    held.AddRange(taken);
                    break;
                case 8 when held.Count > 0:
                    rig.Spool.Confirm(held[^1].Sequence);
                    held.RemoveAt(held.Count - 1);
                    break;
                case 9 or 10 when held.Count > 0:
                    SpooledMessage back = held[random.Next(held.Count)];
                    held.Remove(back);
                    rig.Spool.Release(back.Sequence);
                    unsent.Add(back.Sequence);
                    break;
                default:
                    rig.Spool.SplitBacklog(random.Next(20));
                    break;
            }
        }

        Assert.Equal(unsent.Order(), rig.Take(10_000).Select(message => message.Sequence).Order());
    }

    private static async Task AppendAsync(SpoolRig rig, int count)
    {
        for (int number = 0; number < count; number++)
        {
            await rig.AppendAsync("{}");
        }
    }
}
