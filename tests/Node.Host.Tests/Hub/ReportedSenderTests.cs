using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Hub;

public sealed class ReportedSenderTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(0)]
    public void A_patch_that_was_not_stored_is_sent_again_after_a_pause(int status)
    {
        using var node = new TestNode();
        node.Connect();
        Assert.Single(node.Client.Reported);

        node.StoreReported(status);
        Assert.Single(node.Client.Reported);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        node.Loop.Turn();

        Assert.Equal(2, node.Client.Reported.Count);
        Assert.Equal(node.Client.Reported[0].ToJsonString(), node.Client.Reported[1].ToJsonString());
        Assert.Equal(0, node.Twin.AcknowledgedVersion);
        node.StoreReported();
        Assert.Equal(1, node.Twin.AcknowledgedVersion);
    }

    [Fact]
    public void Pauses_grow_up_to_a_minute()
    {
        using var node = new TestNode();
        node.Connect();
        var seconds = new List<int>();
        int waited = 0;

        while (seconds.Count < 9)
        {
            int sent = node.Client.Reported.Count;
            node.StoreReported(429);
            for (waited = 0; node.Client.Reported.Count == sent; waited++)
            {
                node.Time.Advance(TimeSpan.FromSeconds(1));
                node.Loop.Turn();
            }

            seconds.Add(waited);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60, 60], seconds);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    public void A_patch_that_the_hub_refuses_is_not_repeated(int status)
    {
        using var node = new TestNode();
        node.Connect();

        node.StoreReported(status);
        node.Time.Advance(TimeSpan.FromHours(1));
        node.Loop.Turn();

        Assert.Single(node.Client.Reported);
    }

    [Fact]
    public void What_changes_while_a_patch_is_under_way_follows_in_the_next()
    {
        using var node = new TestNode();
        node.Connect();

        node.Client.Call("led*setState", "true");
        node.Loop.Turn();
        Assert.Single(node.Client.Reported);
        node.StoreReported();

        Assert.Equal("""{"led":{"state":"on","cause":"command of hub"}}""", node.Client.Reported[^1].ToJsonString());
    }

    [Fact]
    public void An_answer_that_a_lost_connection_swallowed_is_given_on_the_next()
    {
        using var node = new TestNode();
        node.Connect("""{"climate":{"interval":"2s"},"$version":4}""");
        node.Client.Disconnect();
        node.Loop.Turn();

        node.Connect("""{"climate":{"interval":"2s"},"$version":4}""");
        node.StoreReported();

        Assert.Equal(2, node.Client.Reported.Count);
        Assert.Equal(4, node.Twin.AcknowledgedVersion);
    }

    [Fact]
    public void A_late_ending_of_an_old_patch_does_not_end_the_new_one()
    {
        using var node = new TestNode();
        node.Connect();
        node.Client.Twin(TwinUpdateState.Complete, """{"desired":{"$version":1},"reported":{"$version":1}}""");
        node.Loop.Turn();

        node.Client.EndReported(204);
        node.Loop.Turn();

        Assert.Equal(1, node.Twin.AcknowledgedVersion);
        Assert.False(node.Loop.IsBusy);
    }
}
