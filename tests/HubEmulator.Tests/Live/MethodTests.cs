using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

public sealed class MethodTests
{
    private const string Methods = "/twins/dev-01/methods";
    private const string Reboot = """{"methodName":"reboot","responseTimeoutInSeconds":30,"connectTimeoutInSeconds":0,"payload":{"delay":5}}""";

    [Fact]
    public async Task A_call_reaches_the_device_and_its_answer_the_caller()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");

        var call = hub.CallAsync(HttpMethod.Post, Methods, Reboot);
        (string topic, string payload) = await device.NextAsync();
        string requestId = topic["$iothub/methods/POST/reboot/?$rid=".Length..];
        await device.PublishAsync($"$iothub/methods/res/404/?$rid={requestId}", """{"ok":false}""");
        await device.PublishAsync($"$iothub/methods/res/200/?$rid={requestId}", "a second answer is ignored");
        (HttpStatusCode status, JsonNode? answer, _) = await call;

        Assert.StartsWith("$iothub/methods/POST/reboot/?$rid=", topic, StringComparison.Ordinal);
        Assert.Equal("""{"delay":5}""", payload);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"status":404,"payload":{"ok":false}}""", answer!.ToJsonString());
    }

    [Fact]
    public async Task Calls_under_way_at_once_each_get_their_own_answer()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");

        var first = hub.CallAsync(HttpMethod.Post, Methods, """{"methodName":"one","payload":1}""");
        (string firstTopic, _) = await device.NextAsync();
        var second = hub.CallAsync(HttpMethod.Post, Methods, """{"methodName":"two"}""");
        (string secondTopic, string secondPayload) = await device.NextAsync();
        await device.PublishAsync($"$iothub/methods/res/2/?{secondTopic.Split('?')[1]}");
        await device.PublishAsync($"$iothub/methods/res/1/?{firstTopic.Split('?')[1]}", "\"x\"");

        Assert.Equal("""{"status":2,"payload":null}""", (await second).Body!.ToJsonString());
        Assert.Equal("""{"status":1,"payload":"x"}""", (await first).Body!.ToJsonString());
        Assert.Equal("", secondPayload);
    }

    [Fact]
    public async Task A_device_that_is_away_is_answered_404103_at_once()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? body, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Post, Methods, Reboot);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("DeviceNotOnline", message.Headers.GetValues("iothub-errorcode").Single());
        JsonNode inner = JsonNode.Parse((string)body!["Message"]!)!; // JSON within JSON
        Assert.Equal(404103, (int)inner["errorCode"]!);
        Assert.Equal("00:00:00", (string)inner["info"]!["timeout"]!);
        Assert.Equal("", (string)body["ExceptionMessage"]!);
    }

    [Fact]
    public async Task A_call_with_a_connect_time_waits_for_the_device()
    {
        await using TestHub hub = await TestHub.StartAsync();

        var call = hub.CallAsync(HttpMethod.Post, Methods, """{"methodName":"late","connectTimeoutInSeconds":300}""");
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");
        (string topic, _) = await device.NextAsync();
        await device.PublishAsync($"$iothub/methods/res/200/?{topic.Split('?')[1]}");

        Assert.Equal(HttpStatusCode.OK, (await call).Status);
    }

    [Fact]
    public async Task No_answer_in_time_is_504101()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");

        var call = hub.CallAsync(HttpMethod.Post, Methods, Reboot);
        (string topic, _) = await device.NextAsync();
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(call.IsCompleted);
        for (int step = 0; step < 12 && !call.IsCompleted; step++) // the wait may begin a moment after the device has the call
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(call, Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        (HttpStatusCode status, JsonNode? body, HttpResponseMessage message) = await call;
        await device.PublishAsync($"$iothub/methods/res/200/?{topic.Split('?')[1]}"); // nobody waits for it any more

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Equal("GatewayTimeout", message.Headers.GetValues("iothub-errorcode").Single());
        Assert.Equal(504101, (int)JsonNode.Parse((string)body!["Message"]!)!["errorCode"]!);
    }

    [Theory]
    [InlineData("""{"payload":1}""", 400004)]
    [InlineData("""{"methodName":"x","responseTimeoutInSeconds":4}""", 400004)]
    [InlineData("""{"methodName":"x","responseTimeoutInSeconds":301}""", 400004)]
    [InlineData("""{"methodName":"x","responseTimeoutInSeconds":"soon"}""", 400004)]
    [InlineData("""{"methodName":"x","connectTimeoutInSeconds":-1}""", 400004)]
    [InlineData("nonsense", 400006)]
    public async Task A_malformed_call_is_refused(string body, int code)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? answer, _) = await hub.CallAsync(HttpMethod.Post, Methods, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, (int)JsonNode.Parse((string)answer!["Message"]!)!["errorCode"]!);
    }

    [Fact]
    public async Task An_unknown_device_is_404001()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? body, _) = await hub.CallAsync(HttpMethod.Post, "/twins/nobody/methods", Reboot);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal(404001, (int)JsonNode.Parse((string)body!["Message"]!)!["errorCode"]!);
    }
}
