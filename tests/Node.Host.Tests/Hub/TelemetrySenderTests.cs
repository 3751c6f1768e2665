using System.Text;
using Node.Host.Hub;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Hub;

public sealed class TelemetrySenderTests
{
    private static async Task AppendAsync(TestNode node, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await node.Spool.AppendAsync(new SpoolEntry("climate", TestNode.Start, true, 0, "{}"u8.ToArray()), Cancelled);
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reading_goes_out_with_all_that_a_consumer_needs()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);

        node.Connect();

        TelemetryMessage message = Assert.Single(node.Client.Sent);
        Assert.Equal(("boot1-1", "application/json", "utf-8", "climate", TestNode.Start),
            (message.MessageId, message.ContentType, message.ContentEncoding, message.ComponentName, message.CreationTime));
        Assert.Equal(
            [new("seq", "1"), new("boot", "boot1"), new("quality", "good"), new("timeSynced", "true")],
            message.Properties);
        Assert.Equal("""{"temperature":21.5,"pressure":100.65}""", Encoding.UTF8.GetString(message.Body.Span));
    }

    [Fact]
    public async Task Nothing_is_handed_over_before_the_hub_has_accepted_the_node()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);

        node.Loop.Turn();

        Assert.Empty(node.Client.Sent);
        Assert.Equal(1, node.Spool.Statistics.Depth);
    }

    [Fact]
    public async Task A_reading_is_deleted_only_after_its_confirmation()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);
        node.Connect();
        Assert.Equal(1, node.Spool.Statistics.Depth);
        Assert.Null(node.Loop.Telemetry.FirstConfirmed);

        node.Time.Advance(TimeSpan.FromSeconds(2));
        node.Client.EndTelemetry(SendConfirmation.Ok);
        node.Loop.Turn();
        await node.Spool.FlushAsync(Cancelled);

        Assert.Equal(0, node.Spool.Statistics.Depth);
        Assert.Equal((1, 1, 0), (node.Loop.Telemetry.Sent, node.Loop.Telemetry.Confirmed, node.Loop.Telemetry.Outstanding));
        Assert.Equal(TimeSpan.FromSeconds(2), node.Loop.Telemetry.FirstConfirmed);
    }

    [Theory]
    [InlineData(SendConfirmation.MessageTimeout)]
    [InlineData(SendConfirmation.Error)]
    [InlineData(SendConfirmation.BecauseDestroy)]
    public async Task A_reading_that_was_not_delivered_is_sent_again_under_the_same_id(SendConfirmation ending)
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);
        node.Connect();

        node.Client.EndTelemetry(ending);
        node.Loop.Turn();
        node.Loop.Turn();

        Assert.Equal(["boot1-1", "boot1-1"], node.Client.Sent.Select(message => message.MessageId));
    }

    [Fact]
    public async Task The_window_bounds_what_is_handed_over_and_order_is_kept()
    {
        using var node = new TestNode();
        await AppendAsync(node, TelemetrySender.Window);
        node.Connect();
        await AppendAsync(node, 300);
        node.Loop.Turn();
        Assert.Equal(TelemetrySender.Window, node.Client.Sent.Count);

        while (node.Client.IsBusy)
        {
            node.Client.EndTelemetry(SendConfirmation.Ok);
            node.Loop.Turn();
            node.Loop.Turn();
        }

        Assert.Equal(Enumerable.Range(1, 500).Select(i => $"boot1-{i}"), node.Client.Sent.Select(message => message.MessageId));
    }

    [Fact]
    public async Task A_new_reading_does_not_wait_behind_the_backlog_of_an_outage()
    {
        using var node = new TestNode();
        await AppendAsync(node, 1_000);
        node.Connect();
        Assert.Equal(BacklogPace.Least, node.Client.Sent.Count); // The hub has shown nothing yet: the backlog begins slowly.
        await AppendAsync(node, 1);

        node.Loop.Turn();
        node.Time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal("boot1-1001", node.Client.Sent[^1].MessageId);
        for (int turn = 0; node.Client.IsBusy; turn++)
        {
            node.Client.EndTelemetry(SendConfirmation.Ok);
            node.Loop.Turn();
            node.Time.Advance(TimeSpan.FromMilliseconds(100));
            Assert.True(turn < 100, "the backlog's pace does not grow");
        }

        Assert.Equal(
            Enumerable.Range(1, 1_000).Select(i => $"boot1-{i}"),
            node.Client.Sent.Select(message => message.MessageId).Where(id => id != "boot1-1001"));
    }

    [Fact]
    public async Task What_a_full_client_refuses_stays_in_order()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);
        await node.SampleAsync(Cancelled);
        node.Client.NextSend = IotHubClientResult.QueueFull;
        node.Connect();
        Assert.Empty(node.Client.Sent);

        node.Client.NextSend = IotHubClientResult.Ok;
        node.Loop.Turn();

        Assert.Equal(["boot1-1", "boot1-2"], node.Client.Sent.Select(message => message.MessageId));
    }

    [Fact]
    public async Task A_reading_too_large_for_the_service_is_counted_and_holds_up_nothing()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);
        node.Client.NextSend = IotHubClientResult.InvalidSize;
        node.Connect();
        node.Client.NextSend = IotHubClientResult.Ok;
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();

        Assert.Equal(1, node.Loop.Telemetry.TooLarge);
        Assert.Equal("boot1-2", Assert.Single(node.Client.Sent).MessageId);
    }

    [Fact]
    public async Task What_is_unconfirmed_at_the_stop_stays_spooled()
    {
        using var node = new TestNode();
        await node.SampleAsync(Cancelled);
        node.Connect();

        node.Loop.Dispose();
        await node.Spool.FlushAsync(Cancelled);

        Assert.True(node.Client.IsDisposed);
        Assert.Equal((1, 1), (node.Spool.Statistics.Depth, node.Spool.Statistics.UnsentCount));
    }
}
