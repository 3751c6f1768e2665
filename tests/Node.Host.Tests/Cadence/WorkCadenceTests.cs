using Microsoft.Extensions.Time.Testing;
using Node.Host.Cadence;
using Node.HubClient;

namespace Node.Host.Tests.Cadence;

public sealed class WorkCadenceTests
{
    private static readonly WorkStatus Idle = new(false, false, Timeout.InfiniteTimeSpan);
    private static readonly WorkStatus Awaiting = new(false, true, Timeout.InfiniteTimeSpan);
    private static readonly WorkStatus More = new(true, true, TimeSpan.Zero);

    [Fact]
    public void Turns_are_quick_while_answers_are_due_and_slow_when_idle()
    {
        var cadence = new WorkCadence(TimeSpan.FromMilliseconds(100), new FakeTimeProvider());

        Assert.Equal(100, cadence.After(Idle).TotalMilliseconds);
        Assert.Equal(10, cadence.After(Awaiting).TotalMilliseconds);
        Assert.Equal(10, cadence.After(More).TotalMilliseconds);
        Assert.Equal(100, cadence.After(Idle).TotalMilliseconds);
    }

    [Fact]
    public void An_answer_that_calls_for_a_turn_by_itself_is_not_looked_for()
    {
        var cadence = new WorkCadence(TimeSpan.FromMilliseconds(100), new FakeTimeProvider());

        Assert.Equal(100, cadence.After(Awaiting, isWatched: true).TotalMilliseconds);
        Assert.Equal(10, cadence.After(More, isWatched: true).TotalMilliseconds);
    }

    [Fact]
    public void A_hub_that_stays_silent_is_asked_less_and_less_often()
    {
        var time = new FakeTimeProvider();
        var cadence = new WorkCadence(TimeSpan.FromSeconds(1), time);
        var intervals = new List<double>();

        for (int second = 0; second < 30; second++)
        {
            intervals.Add(cadence.After(Awaiting).TotalMilliseconds);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(10, intervals[0]);
        Assert.Equal(intervals.Order(), intervals);
        Assert.Equal(1_000, intervals[^1]);
    }

    [Fact]
    public void The_idle_interval_changes_live()
    {
        var cadence = new WorkCadence(TimeSpan.FromMilliseconds(100), new FakeTimeProvider()) { IdleInterval = TimeSpan.FromSeconds(2) };

        Assert.Equal(TimeSpan.FromSeconds(2), cadence.After(Idle));
    }
}
