using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>Two clients with one identity, seen from one of them.</summary>
public sealed class TakeoverTests : IDisposable
{
    private readonly ClientRig _rig = new();

    [Fact]
    public void From_the_third_eviction_in_a_row_it_says_so_and_backs_off()
    {
        var waits = new List<double>();
        for (int eviction = 0; eviction < 9; eviction++)
        {
            Live(TimeSpan.FromSeconds(2));
            Evict();
            waits.Add(_rig.Statuses[^1].RetryIn!.Value.TotalSeconds);
        }

        Assert.Equal([false, false, true, true, true, true, true, true, true], Losses().Select(change => change.SuspectsTakeover));
        Assert.Equal(0, waits[0]);
        double[] ladder = [15, 30, 60, 120, 240, 300, 300];
        Assert.All(ladder.Zip(waits.Skip(2)), pair => Assert.InRange(pair.Second, pair.First * 0.9, pair.First * 1.1));
        Assert.Contains("another client", _rig.Statuses[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hub_that_is_away_between_is_no_other_client()
    {
        for (int restart = 0; restart < 5; restart++)
        {
            Live(TimeSpan.FromSeconds(2));
            Evict();
            WaitForAttempt();
            _rig.Hub.Lose();
            _rig.Client.DoWork();
        }

        Assert.DoesNotContain(_rig.Statuses, change => change.SuspectsTakeover);
    }

    [Fact]
    public void A_network_that_breaks_is_no_other_client()
    {
        for (int cut = 0; cut < 5; cut++)
        {
            Live(TimeSpan.FromSeconds(2));
            _rig.Hub.Lose(LossCause.Network);
            _rig.Client.DoWork();
        }

        Assert.DoesNotContain(_rig.Statuses, change => change.SuspectsTakeover);
    }

    [Fact]
    public void A_connection_that_lasts_clears_the_suspicion()
    {
        for (int eviction = 0; eviction < 3; eviction++)
        {
            Live(TimeSpan.FromSeconds(2));
            Evict();
        }

        Live(TimeSpan.FromSeconds(40));
        Evict();

        Assert.False(_rig.Statuses[^1].SuspectsTakeover);
        Assert.Equal(TimeSpan.Zero, _rig.Statuses[^1].RetryIn);
    }

    [Fact]
    public void Two_clients_of_the_same_kind_come_to_rest()
    {
        // While this one waits for minutes, the other one is connected for as long: that does not count as stable.
        for (int eviction = 0; eviction < 8; eviction++)
        {
            Live(TimeSpan.FromSeconds(2));
            Evict();
        }

        Live(TimeSpan.FromSeconds(200));
        Evict();

        Assert.True(_rig.Statuses[^1].SuspectsTakeover);
        Assert.InRange(_rig.Statuses[^1].RetryIn!.Value.TotalSeconds, 270, 330);
    }

    public void Dispose() => _rig.Dispose();

    private IEnumerable<ConnectionStatusChange> Losses() => _rig.Statuses.Where(change => change.Status is ConnectionStatus.Unauthenticated);

    private void Live(TimeSpan time)
    {
        WaitForAttempt();
        _rig.Hub.Accept();
        _rig.Client.DoWork();
        _rig.Advance(time);
    }

    private void Evict()
    {
        _rig.Hub.Lose(LossCause.Closed);
        _rig.Client.DoWork();
    }

    private void WaitForAttempt()
    {
        _rig.Client.DoWork();
        for (int second = 0; second < 400 && !_rig.Hub.IsOpen; second++)
        {
            _rig.Advance(TimeSpan.FromSeconds(1));
        }
    }
}
