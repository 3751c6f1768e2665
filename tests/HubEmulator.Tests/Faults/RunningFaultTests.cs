using HubEmulator.Faults;

namespace HubEmulator.Tests.Faults;

public sealed class RunningFaultTests
{
    [Fact]
    public void The_same_seed_strikes_at_the_same_times_and_about_as_often_as_it_should()
    {
        bool[] first = Draws(seed: 11);

        Assert.Equal(first, Draws(seed: 11));
        Assert.NotEqual(first, Draws(seed: 12));
        Assert.InRange(first.Count(strikes => strikes), 200, 400); // of 1000 at 0.3
    }

    [Fact]
    public void Lateness_lies_between_the_delay_and_the_delay_with_its_jitter()
    {
        var fault = new RunningFault(1, new HubFault(HubFaultKind.Delay) { Lateness = TimeSpan.FromSeconds(2), Jitter = TimeSpan.FromSeconds(1) });

        TimeSpan[] drawn = [.. Enumerable.Range(0, 1000).Select(_ => fault.DrawLateness())];

        Assert.All(drawn, lateness => Assert.InRange(lateness, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
        Assert.True(drawn.Max() - drawn.Min() > TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public void About_as_many_bytes_change_as_the_rate_says_and_each_is_counted()
    {
        var fault = new RunningFault(1, new HubFault(HubFaultKind.Corrupt) { Rate = 0.01, Seed = 3 });
        byte[] bytes = new byte[100_000];

        fault.Corrupt(bytes);

        int changed = bytes.Count(value => value != 0);
        Assert.InRange(changed, 800, 1200);
        Assert.Equal(changed, fault.Describe().Strikes);
    }

    private static bool[] Draws(int seed)
    {
        var fault = new RunningFault(1, new HubFault(HubFaultKind.Refuse) { Probability = 0.3, Seed = seed });
        return [.. Enumerable.Range(0, 1000).Select(_ => fault.Strikes())];
    }
}
