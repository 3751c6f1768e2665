using Node.Host.Cadence;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Cadence;

public sealed class HubWatchTests
{
    [Fact]
    public async Task Work_calls_for_one_turn_and_the_next_work_for_the_next()
    {
        using var client = new ScriptedHubClient();
        var calls = new SemaphoreSlim(0);
        using var watch = new HubWatch(client, () => calls.Release(), TimeProvider.System);
        watch.Start();

        for (int work = 0; work < 3; work++)
        {
            client.Work.Release();
            await calls.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, calls.CurrentCount); // It waits for the turn that it called for.
            watch.TurnBegins();
            watch.TurnEnded();
        }

        Assert.True(watch.IsWatching);
    }

    [Fact]
    public async Task After_its_end_it_calls_for_nothing()
    {
        using var client = new ScriptedHubClient();
        var calls = new SemaphoreSlim(0);
        var watch = new HubWatch(client, () => calls.Release(), TimeProvider.System);
        watch.Start();
        client.Work.Release();
        await calls.WaitAsync(TestContext.Current.CancellationToken);

        watch.Dispose();

        Assert.False(watch.IsWatching);
        Assert.Equal(0, calls.CurrentCount);
    }
}
