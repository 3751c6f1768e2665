using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

/// <summary>The calls of devices over HTTPS: wire contract, section 6.6.</summary>
public sealed class DeviceHttpTests
{
    private const string Events = "/devices/dev-01/messages/events";
    private const string Devicebound = "/devices/dev-01/messages/deviceBound";

    [Fact]
    public async Task Telemetry_brings_its_properties_in_headers()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, Events, """{"t":1}""", token: hub.DeviceToken(), headers:
        [
            ("IoTHub-MessageId", "m1"), ("iothub-correlationid", "c1"), ("iothub-contenttype", "application/json"), ("iothub-contentencoding", "utf-8"), ("dt-subject", "climate"),
            ("iothub-app-Level", "high"), ("iothub-to", Events),
        ]);

        ReceivedTelemetry message = Assert.Single(hub.Hub.Telemetry.Snapshot());
        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal("""{"t":1}"""u8, message.Body.Span);
        Assert.Equal(("m1", "c1", "application/json", "climate"), (message.MessageId, message.SystemProperties["$.cid"], message.SystemProperties["$.ct"], message.Annotations["dt-subject"]));
        Assert.Equal([KeyValuePair.Create("Level", (string?)"high")], message.ApplicationProperties);
        Assert.Equal("""{"scope":"device","type":"sas","issuer":"iothub"}""", message.Annotations["iothub-connection-auth-method"]);
    }

    [Fact]
    public async Task A_batch_is_taken_whole_or_not_at_all()
    {
        await using TestHub hub = await TestHub.StartAsync();
        const string Good = """[{"body":"b25l","properties":{"iothub-app-a":"1"}},{"body":"two","base64Encoded":false}]""";

        HttpStatusCode taken = await PostBatchAsync(hub, Good);
        HttpStatusCode broken = await PostBatchAsync(hub, """[{"body":"b25l"},{"body":"%%%"}]""");
        HttpStatusCode noBatch = await PostBatchAsync(hub, """{"body":"b25l"}""");
        HttpStatusCode twice = await PostBatchAsync(hub, """[{"body":"b25l","body":"b25l"}]""");
        HttpStatusCode large = await PostBatchAsync(hub, $$"""[{"body":"b25l"},{"body":"{{new string('x', 262_144)}}","base64Encoded":false}]""");

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.RequestEntityTooLarge), (taken, broken, noBatch, large));
        Assert.Equal(HttpStatusCode.BadRequest, twice);
        Assert.Equal(["one", "two"], hub.Hub.Telemetry.Snapshot().Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal("1", hub.Hub.Telemetry.Snapshot()[0].ApplicationProperties["a"]);
    }

    [Theory]
    [InlineData("no token")]
    [InlineData("another device's token")]
    [InlineData("a service's token")]
    [InlineData("an unknown device")]
    public async Task Who_is_not_the_device_gets_401(string fault)
    {
        await using TestHub hub = await TestHub.StartAsync();
        string path = fault == "an unknown device" ? "/devices/nobody/messages/events" : Events;
        string token = fault switch
        {
            "no token" => "",
            "another device's token" => hub.DeviceToken("dev-02"),
            "a service's token" => TestHub.Token(hub.Hub.PolicyConnectionStrings["service"].Split("SharedAccessKey=")[1], hub.Hub.HostName, TimeProvider.System.GetUtcNow().AddHours(1), "service"),
            _ => hub.DeviceToken(),
        };

        (HttpStatusCode status, JsonNode? body, _) = await hub.CallAsync(HttpMethod.Post, path, "x", token: token);

        Assert.Equal((HttpStatusCode.Unauthorized, 401002), (status, UploadHub.CodeOf(body)));
        Assert.Empty(hub.Hub.Telemetry.Snapshot());
    }

    [Fact]
    public async Task A_message_too_large_is_answered_413()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? body, _) = await hub.CallAsync(HttpMethod.Post, Events, new string('x', 262_140), token: hub.DeviceToken(), headers: [("iothub-app-abc", "de")]);
        (HttpStatusCode fits, _, _) = await hub.CallAsync(HttpMethod.Post, Events, new string('x', 262_139), token: hub.DeviceToken(), headers: [("iothub-app-abc", "de")]);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, 413001, HttpStatusCode.NoContent), (status, UploadHub.CodeOf(body), fits));
    }

    [Fact]
    public async Task A_message_is_received_abandoned_received_again_and_completed()
    {
        await using TestHub hub = await TestHub.StartAsync();
        Send(hub, "one", C2dAck.Full);
        Send(hub, "two", C2dAck.Full);

        (string text, string token, HttpResponseMessage answer) = await ReceiveAsync(hub);
        (string second, string secondToken, _) = await ReceiveAsync(hub);
        (HttpStatusCode nothing, _, _) = await hub.CallAsync(HttpMethod.Get, Devicebound, token: hub.DeviceToken());
        HttpStatusCode abandoned = await SettleAsync(hub, HttpMethod.Post, $"{token}/abandon");
        (string again, string newToken, HttpResponseMessage repeated) = await ReceiveAsync(hub);
        HttpStatusCode stale = await SettleAsync(hub, HttpMethod.Delete, token);
        HttpStatusCode completed = await SettleAsync(hub, HttpMethod.Delete, newToken);
        HttpStatusCode rejected = await SettleAsync(hub, HttpMethod.Delete, secondToken, "&reject");

        Assert.Equal(("one", "two", "one"), (text, second, again));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed), (nothing, abandoned, stale));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (completed, rejected));
        Assert.Equal(("one", "full", "v%C3%A9", "0", "1"), (Header(answer, "iothub-messageid"), Header(answer, "iothub-ack"), Header(answer, "iothub-app-k%20ey"), Header(answer, "iothub-deliverycount"), Header(repeated, "iothub-deliverycount")));
        Assert.Equal([("one", C2dEnding.Success), ("two", C2dEnding.Rejected)], hub.Hub.Feedback.Snapshot().Select(one => (one.OriginalMessageId, one.Ending)));
    }

    [Fact]
    public async Task A_lock_lasts_a_minute_and_a_message_given_back_ten_times_is_given_up()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        Send(hub, "one", C2dAck.Negative);

        (_, string late, _) = await ReceiveAsync(hub);
        clock.Advance(TimeSpan.FromSeconds(61));
        (_, string token, _) = await ReceiveAsync(hub);
        HttpStatusCode lost = await SettleAsync(hub, HttpMethod.Delete, late);
        for (int count = 1; count < 10; count++)
        {
            await SettleAsync(hub, HttpMethod.Post, $"{token}/abandon");
            (_, token, _) = await ReceiveAsync(hub);
        }

        await SettleAsync(hub, HttpMethod.Post, $"{token}/abandon");
        (HttpStatusCode empty, _, _) = await hub.CallAsync(HttpMethod.Get, Devicebound, token: hub.DeviceToken());

        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.NoContent), (lost, empty));
        Assert.Equal(C2dEnding.DeliveryCountExceeded, Assert.Single(hub.Hub.Feedback.Snapshot()).Ending);
    }

    [Fact]
    public async Task What_is_locked_over_HTTPS_does_not_go_out_over_MQTT_and_what_is_given_back_does()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        Send(hub, "one");
        (_, string token, _) = await ReceiveAsync(hub);
        await device.SubscribeAsync("devices/dev-01/messages/devicebound/#", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce);
        Send(hub, "two");

        (_, string first) = await device.NextAsync();
        await SettleAsync(hub, HttpMethod.Post, $"{token}/abandon");
        (_, string second) = await device.NextAsync();

        Assert.Equal(("two", "one"), (first, second));
    }

    [Fact]
    public async Task A_service_reads_feedback_over_HTTPS_and_settles_it()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)], FeedbackPeriod = TimeSpan.Zero });
        Send(hub, "one", C2dAck.Full);
        (_, string message, _) = await ReceiveAsync(hub);
        (HttpStatusCode none, _, _) = await hub.CallAsync(HttpMethod.Get, "/messages/serviceBound/feedback");
        await SettleAsync(hub, HttpMethod.Delete, message);

        (_, JsonNode? records, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Get, "/messages/servicebound/feedback");
        string token = answer.Headers.ETag!.Tag.Trim('"');
        (HttpStatusCode locked, _, _) = await hub.CallAsync(HttpMethod.Get, "/messages/serviceBound/feedback");
        (HttpStatusCode abandoned, _, _) = await hub.CallAsync(HttpMethod.Post, $"/messages/serviceBound/feedback/{token}/abandon");
        (_, _, HttpResponseMessage again) = await hub.CallAsync(HttpMethod.Get, "/messages/serviceBound/feedback");
        (HttpStatusCode completed, _, _) = await hub.CallAsync(HttpMethod.Delete, $"/messages/serviceBound/feedback/{again.Headers.ETag!.Tag.Trim('"')}");
        (HttpStatusCode gone, _, _) = await hub.CallAsync(HttpMethod.Delete, $"/messages/serviceBound/feedback/{token}");

        Assert.Equal(("one", "Success", "dev-01"), ((string)records![0]!["originalMessageId"]!, (string)records[0]!["statusCode"]!, (string)records[0]!["deviceId"]!));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NoContent), (none, locked, abandoned));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.PreconditionFailed), (completed, gone));
    }

    private static void Send(TestHub hub, string text, C2dAck ack = C2dAck.None) => Assert.True(hub.Hub.TrySendMessage(
        TestHub.DeviceId, new C2dMessage { MessageId = text, Body = Encoding.UTF8.GetBytes(text), Ack = ack, Properties = [KeyValuePair.Create("k ey", (string?)"vé")] }));

    private static async Task<(string Text, string Token, HttpResponseMessage Answer)> ReceiveAsync(TestHub hub)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Devicebound}?api-version=2021-04-12");
        request.Headers.TryAddWithoutValidation("Authorization", hub.DeviceToken());
        HttpResponseMessage answer = await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), answer.Headers.ETag!.Tag.Trim('"'), answer);
    }

    private static async Task<HttpStatusCode> SettleAsync(TestHub hub, HttpMethod method, string path, string query = "")
    {
        (HttpStatusCode status, _, _) = await hub.CallAsync(method, $"{Devicebound}/{path}?api-version=2021-04-12{query}", token: hub.DeviceToken(), withVersion: false);
        return status;
    }

    private static async Task<HttpStatusCode> PostBatchAsync(TestHub hub, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Events}?api-version=2021-04-12") { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/vnd.microsoft.iothub.json")) };
        request.Headers.TryAddWithoutValidation("Authorization", hub.DeviceToken());
        using HttpResponseMessage answer = await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        (answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values : answer.Content.Headers.GetValues(name)).Single();
}
