using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>Who came and went, as the hub tells it to programs beside it.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task A_connection_that_comes_goes_or_is_refused_is_told_once_with_its_reason()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (TestDevice device = await hub.ConnectAsync())
        {
        }

        await WaitAsync(hub, HubEventKind.Disconnected);
        await using TestDevice refused = await TestDevice.ConnectAsync(hub.Options(token: "nonsense").Build());
        await WaitAsync(hub, HubEventKind.Refused);
        (HttpStatusCode status, JsonNode? body, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/events");

        JsonArray events = body!.AsArray();
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["connected", "disconnected", "refused"], events.Select(one => (string?)one!["kind"]));
        Assert.Equal([1, 2, 3], events.Select(one => (int)one!["sequenceNumber"]!));
        Assert.All(events, one => Assert.Equal(TestHub.DeviceId, (string?)one!["deviceId"]));
        Assert.Equal("", (string?)events[0]!["detail"]);
        Assert.Equal("the connection was lost", (string?)events[1]!["detail"]);
        Assert.NotEqual("", (string?)events[2]!["detail"]);
    }

    [Fact]
    public async Task A_reader_begins_after_an_event_or_with_the_newest()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (TestDevice device = await hub.ConnectAsync())
        {
        }

        await WaitAsync(hub, HubEventKind.Disconnected);

        Assert.Equal([2], await NumbersAsync(hub, "?after=1"));
        Assert.Equal([2], await NumbersAsync(hub, "?last=1"));
        Assert.Equal([1, 2], await NumbersAsync(hub, "?last=1000"));
        Assert.Empty(await NumbersAsync(hub, "?after=2"));
    }

    [Theory]
    [InlineData("/hilrig/events?after=x")]
    [InlineData("/hilrig/events?last=0")]
    [InlineData("/hilrig/events?last=1001")]
    [InlineData("/hilrig/telemetry?last=-1")]
    [InlineData("/hilrig/telemetry?after=-1")]
    public async Task A_place_that_is_none_is_refused(string path)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Nobody_reads_events_without_a_token()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/events", token: "nonsense");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task The_newest_telemetry_can_be_asked_for()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        foreach (string body in (string[])["a", "b", "c"])
        {
            await device.PublishAsync("devices/dev-01/messages/events/", body);
        }

        await hub.Hub.Telemetry.WaitUntilAsync(log => log.Received == 3, TestContext.Current.CancellationToken);
        (_, JsonNode? newest, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/telemetry?last=2");

        Assert.Equal([2, 3], newest!.AsArray().Select(one => (int)one!["sequenceNumber"]!));
    }

    private static Task<HubEvent> WaitAsync(TestHub hub, HubEventKind kind) =>
        hub.Hub.ConnectionEvents.WaitForAsync(one => one.Kind == kind, TestContext.Current.CancellationToken).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);

    private static async Task<IEnumerable<int>> NumbersAsync(TestHub hub, string query)
    {
        (_, JsonNode? body, _) = await hub.CallAsync(HttpMethod.Get, $"/hilrig/events{query}");
        return body!.AsArray().Select(one => (int)one!["sequenceNumber"]!);
    }
}
