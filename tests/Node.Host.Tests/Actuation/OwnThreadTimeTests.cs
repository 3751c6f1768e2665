using Node.Host.Actuation;

namespace Node.Host.Tests.Actuation;

public sealed class OwnThreadTimeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void A_timer_fires_on_a_thread_that_is_none_of_the_pools()
    {
        var time = new OwnThreadTime(TimeProvider.System);
        using var fired = new ManualResetEventSlim();
        bool isOfPool = true;
        using ITimer timer = time.CreateTimer(_ =>
        {
            isOfPool = Thread.CurrentThread.IsThreadPoolThread;
            fired.Set();
        }, null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);

        Assert.True(fired.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.False(isOfPool);
    }

    [Fact]
    public void It_can_be_set_anew_from_its_own_call_and_repeats_when_asked_to()
    {
        var time = new OwnThreadTime(TimeProvider.System);
        using var often = new CountdownEvent(5);
        using var again = new CountdownEvent(5);
        using ITimer repeating = time.CreateTimer(_ => Signal(often), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
        ITimer? chained = null;
        chained = time.CreateTimer(_ =>
        {
            Signal(again);
            Volatile.Read(ref chained)?.Change(TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        chained.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        Assert.True(often.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.True(again.Wait(Patience, TestContext.Current.CancellationToken));
        chained.Dispose();

        static void Signal(CountdownEvent countdown)
        {
            if (!countdown.IsSet)
            {
                countdown.Signal();
            }
        }
    }

    [Fact]
    public void What_was_disposed_or_put_off_does_not_fire()
    {
        var time = new OwnThreadTime(TimeProvider.System);
        int fired = 0;
        using var later = new ManualResetEventSlim();
        ITimer disposed = time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        using ITimer putOff = time.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        putOff.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using ITimer probe = time.CreateTimer(_ => later.Set(), null, TimeSpan.FromMilliseconds(50), Timeout.InfiniteTimeSpan);

        Assert.True(later.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(0, Volatile.Read(ref fired));
        Assert.False(disposed.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan));
    }
}
