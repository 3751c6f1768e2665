using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.Host.Upload;

namespace Node.Host.Tests.Upload;

public sealed class UploadWindowTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("* 2-3 * * *", "2026-03-01T01:59:59Z", false)]
    [InlineData("* 2-3 * * *", "2026-03-01T02:00:00Z", true)]
    [InlineData("* 2-3 * * *", "2026-03-01T03:59:59.999Z", true)]
    [InlineData("* 2-3 * * *", "2026-03-01T04:00:00Z", false)]
    [InlineData("0-9 * * * *", "2026-03-01T17:09:30Z", true)]
    [InlineData("0-9 * * * *", "2026-03-01T17:10:00Z", false)]
    [InlineData("* 2 * * 1-5 ; * * * * 0", "2026-03-01T17:10:00Z", true)] // A Sunday.
    [InlineData("* 2 * * 1-5 ; * * * * 0", "2026-03-02T17:10:00Z", false)]
    [InlineData("", "2026-03-01T17:10:00Z", true)]
    public void It_is_open_in_the_minutes_that_the_fields_name(string text, string at, bool open)
    {
        Assert.True(UploadWindow.TryParse(text, out UploadWindow window, out string reason), reason);

        Assert.Equal(open, window.IsOpenAt(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("daily")]
    [InlineData("0 * 2 * * *")]
    [InlineData("* 25 * * *")]
    [InlineData("* * * * *;* * * * *;* * * * *;* * * * *;* * * * *;* * * * *;* * * * *;* * * * *;* * * * *")]
    public void What_is_none_is_refused_with_a_reason(string text)
    {
        Assert.False(UploadWindow.TryParse(text, out _, out string reason));

        Assert.NotEmpty(reason);
    }

    [Fact]
    public async Task Readings_wait_for_the_window_alarms_do_not_and_what_waited_is_a_backlog()
    {
        Assert.True(UploadWindow.TryParse("* 14 * * *", out UploadWindow window, out _));
        using var node = new TestNode(null, ["climate"], null, null, new UploadOptions { Window = window });
        node.Connect();
        for (int i = 0; i < 300; i++)
        {
            await node.Spool.AppendAsync(new SpoolEntry("climate", TestNode.Start, true, 0, "{}"u8.ToArray()), Cancelled);
        }

        await node.Spool.AppendAsync(new SpoolEntry("climate", TestNode.Start, true, 1, "{}"u8.ToArray()), Cancelled);
        node.Loop.Turn();
        Assert.Equal("boot1-301", Assert.Single(node.Client.Sent).MessageId);
        node.StoreReported();
        node.StoreReported();
        Assert.Equal(("windowClosed", "2026-03-01T14:00:00Z"), ((string)node.Reported()["upload"]!["state"]!, (string)node.Reported()["upload"]!["nextOpening"]!));

        node.Time.Advance(TimeSpan.FromHours(2));
        node.Loop.Turn();
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();

        Assert.Contains("boot1-1", node.Client.Sent.Select(message => message.MessageId));
        Assert.Contains("boot1-302", node.Client.Sent.Select(message => message.MessageId)); // Beside the backlog.
        node.StoreReported();
        Assert.Equal("open", (string)node.Reported()["upload"]!["state"]!);
    }

    [Fact]
    public async Task The_window_closes_again_and_what_waits_for_company_goes_back()
    {
        Assert.True(UploadWindow.TryParse("* 12 * * *", out UploadWindow window, out _));
        using var node = new TestNode(null, ["climate"], null, null, new UploadOptions { Window = window, BatchCount = 10, BatchDelay = TimeSpan.FromHours(2) });
        node.Connect();
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();
        Assert.Equal(0, node.Spool.Statistics.UnsentCount); // In hands, waiting for company.

        node.Time.Advance(TimeSpan.FromHours(1));
        node.Loop.Turn();

        Assert.Empty(node.Client.Sent);
        Assert.Equal(1, node.Spool.Statistics.UnsentCount);
        Assert.True(node.Loop.Telemetry.IsHeldBack);
    }
}
