using Microsoft.Extensions.Time.Testing;
using Node.Host.Composition;

namespace Node.Host.Tests.Composition;

public sealed class TidyingTests
{
    [Fact]
    public async Task Memory_is_given_back_once_the_start_is_over_and_each_hour_after_that_until_the_stop()
    {
        var time = new FakeTimeProvider();
        int released = 0;
        using var tidying = new Tidying(time, () => released++);
        await tidying.StartAsync(TestContext.Current.CancellationToken);

        time.Advance(Tidying.First - TimeSpan.FromSeconds(1));
        Assert.Equal(0, released);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, released);
        time.Advance(3 * Tidying.Interval);
        Assert.Equal(4, released);

        await tidying.StopAsync(TestContext.Current.CancellationToken);
        time.Advance(3 * Tidying.Interval);

        Assert.Equal(4, released);
    }
}
