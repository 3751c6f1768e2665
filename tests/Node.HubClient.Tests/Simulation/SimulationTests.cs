using Node.HubClient.Connection;
using Node.HubClient.Simulation;

namespace Node.HubClient.Tests.Simulation;

/// <summary>The client's core against a hub, a network and an application that misbehave by turns, on virtual time.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 2_000;
    private const int Parts = 8;

    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    [Theory, MemberData(nameof(AllParts))]
    public void Every_invariant_holds_over_ten_virtual_minutes_of_each_seed(int part)
    {
        for (int seed = 1 + part; seed <= Seeds; seed += Parts)
        {
            using var run = new SimulatedRun(seed, new SimulationOptions());
            run.Run();

            Assert.True(run.Arrived > 0, $"seed {seed} sent nothing");
        }
    }

    [Fact]
    public void The_same_seed_plays_the_same_run()
    {
        using var first = new SimulatedRun(4, new SimulationOptions());
        using var second = new SimulatedRun(4, new SimulationOptions());
        first.Run();
        second.Run();

        Assert.Equal((first.Turns, first.Arrived), (second.Turns, second.Arrived));
    }

    [Theory]
    [InlineData("NoWindow", "in flight, the window is")]
    [InlineData("NoResubscribe", "desired version")]
    [InlineData("NoResend", "")]
    [InlineData("ResendBackwards", "arrived after")]
    [InlineData("ConfirmAtPublish", "the hub does not have it")]
    [InlineData("NoSnapshotAtGap", "desired version")]
    [InlineData("NoPingTimeout", "")]
    [InlineData("NoTwinRetry", "desired version")]
    [InlineData("NoReportedResend", "reported number")]
    [InlineData("NoBackoff", "attempts within a minute")]
    [InlineData("AcknowledgeUnsettled", "before the application had settled it")]
    [InlineData("AcknowledgeBackwards", "out of order")]
    public void A_deliberate_defect_is_noticed(string defect, string invariant)
    {
        var options = new SimulationOptions { Defect = Enum.Parse<Defect>(defect) };
        SimulationException? caught = null;
        for (int seed = 1; seed <= Seeds && caught is null; seed++)
        {
            using var run = new SimulatedRun(seed, options);
            caught = Record.Exception(run.Run) as SimulationException;
        }

        Assert.NotNull(caught);
        Assert.Contains("Seed ", caught.Message, StringComparison.Ordinal);
        Assert.Contains(invariant, caught.Message, StringComparison.Ordinal);
    }
}
