using Microsoft.Extensions.Time.Testing;
using Node.Host.Composition;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Composition;

public sealed class NodeClockTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(ClockTrust.Auto, false, false, true)] // A laptop has a battery clock, whatever runs on it.
    [InlineData(ClockTrust.Auto, true, false, false)] // A Pi has none: the time may be that of its last shutdown.
    [InlineData(ClockTrust.Auto, true, true, true)]
    [InlineData(ClockTrust.Ntp, false, false, false)]
    [InlineData(ClockTrust.Plausible, true, false, true)]
    internal void Is_believed_as_the_setting_and_the_machine_say(ClockTrust trust, bool isBoard, bool disciplined, bool believed)
    {
        var clock = new NodeClock(new FakeTimeProvider(Now), default, TimeSpan.Zero, () => disciplined, isBoard) { Trust = trust };

        Assert.Equal(believed, clock.Stamp().IsSynced);
    }

    [Fact]
    public void Tells_once_when_it_has_become_right()
    {
        var time = new SteppedTime(DateTimeOffset.UnixEpoch);
        var told = new List<TimeSpan>();
        var clock = new NodeClock(time, default, TimeSpan.Zero) { BecameRight = told.Add };
        Assert.False(clock.Stamp().IsSynced);

        time.Advance(TimeSpan.FromSeconds(30));
        time.Set(Now);
        ClockStamp stamp = clock.Stamp();
        clock.Stamp();

        Assert.Equal((true, Now), (stamp.IsSynced, stamp.At));
        Assert.Equal(Now - DateTimeOffset.UnixEpoch - stamp.Monotonic, Assert.Single(told));
    }

    [Fact]
    public void Tells_of_steps_and_the_steady_clock_follows_none_forward()
    {
        var time = new SteppedTime(Now);
        var steps = new List<TimeSpan>();
        var clock = new NodeClock(time, default, TimeSpan.Zero) { Stepped = steps.Add };
        clock.Stamp();

        time.Advance(TimeSpan.FromMinutes(1));
        time.Set(Now + TimeSpan.FromDays(40));
        clock.Stamp();
        DateTimeOffset steady = clock.Steady.GetUtcNow();
        time.Set(Now - TimeSpan.FromDays(1));
        clock.Stamp();

        Assert.Equal(Now + TimeSpan.FromMinutes(1), steady);
        Assert.Equal(Now - TimeSpan.FromDays(1), clock.Steady.GetUtcNow());
        Assert.Equal(2, steps.Count);
    }
}
