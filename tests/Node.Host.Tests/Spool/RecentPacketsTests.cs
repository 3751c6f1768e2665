using Node.Host.Spool;

namespace Node.Host.Tests.Spool;

public sealed class RecentPacketsTests
{
    private readonly RecentPackets _recent = new();

    [Fact]
    public void Before_it_begins_it_knows_nothing()
    {
        Assert.False(_recent.Covers(0));
        Assert.False(_recent.Covers(long.MaxValue - 1));
    }

    [Fact]
    public void It_knows_what_was_stored_since_it_began_and_nothing_below()
    {
        _recent.Begin(10);
        _recent.Settle([Packet(11, 15), Packet(16, 16, priority: 1), Packet(17, 20)], []);

        Assert.Equal((false, true), (_recent.Covers(9), _recent.Covers(10)));
        Assert.Equal([11L, 16, 17, 17], [_recent.Above(10, null)!.First, _recent.Above(10, 1)!.First, _recent.Above(15, 0)!.First, _recent.Above(19, 0)!.First]);
        Assert.Null(_recent.Above(16, 1));
        Assert.Null(_recent.Above(20, null));
    }

    [Fact]
    public void What_is_removed_is_gone_also_in_the_commit_that_stored_it()
    {
        _recent.Begin(0);

        _recent.Settle([Packet(1, 3), Packet(4, 5)], [Confirmed(2), Confirmed(4), Confirmed(5), Confirmed(99)]);

        Packet left = _recent.Above(0, null)!;
        Assert.Equal([false, true, false], [left.IsGone(1), left.IsGone(2), left.IsGone(3)]);
        Assert.Null(_recent.Above(3, null));
        Assert.True(_recent.Covers(0), "a packet that is wholly gone is missing nowhere");
    }

    [Fact]
    public void It_is_bounded_in_bytes_and_in_packets_and_says_what_it_no_longer_knows()
    {
        _recent.Begin(0);
        _recent.Settle([Packet(1, 1, bodyBytes: RecentPackets.MostBytes / 2), Packet(2, 2, bodyBytes: RecentPackets.MostBytes / 2)], []);
        Assert.Equal((false, true), (_recent.Covers(0), _recent.Covers(1)));

        for (int sequence = 3; sequence <= 200; sequence++)
        {
            _recent.Settle([Packet(sequence, sequence)], []);
        }

        Assert.Equal((false, true), (_recent.Covers(135), _recent.Covers(136)));
        Assert.Equal(137, _recent.Above(136, null)!.First);
    }

    [Fact]
    public void It_can_begin_anew()
    {
        _recent.Begin(0);
        _recent.Settle([Packet(1, 2)], []);

        _recent.Begin(2);

        Assert.False(_recent.Covers(0));
        Assert.Null(_recent.Above(2, null));
    }

    private static Removal Confirmed(long sequence) => new(sequence, 0, 100, RemovalCause.Confirmed);

    private static Packet Packet(long first, long last, int priority = 0, int bodyBytes = 10) => new(
        first, last, 1, priority, new byte[Node.Host.Spool.Packet.GoneBytes(last - first + 1)],
        [.. Enumerable.Range(0, (int)(last - first + 1)).Select(_ => new PacketReading("climate", 0, true, null, null, new byte[bodyBytes]))]);
}
