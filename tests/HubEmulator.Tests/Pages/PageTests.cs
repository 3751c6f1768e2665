using System.Net;
using System.Text.Json.Nodes;
using HubEmulator.Pages;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Pages;

/// <summary>The page of a running hub: its files, what it reads and what it changes.</summary>
public sealed class PageTests
{
    [Theory]
    [InlineData("/", "text/html", 200)]
    [InlineData("/page/page.css", "text/css", 200)]
    [InlineData("/page/page.js", "text/javascript", 200)]
    [InlineData("/page/api/overview", "application/json", 403)]
    [InlineData("/page/api/device?id=dev-01", "application/json", 403)]
    public async Task Everything_comes_with_the_security_headers_and_calls_need_the_pages_own(string path, string type, int status)
    {
        await using TestHub hub = await TestHub.StartAsync();

        using HttpResponseMessage answer = await hub.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'; script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task A_browser_that_has_a_file_is_not_sent_it_again()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpResponseMessage first = await hub.Http.GetAsync("/page/page.js", TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/page/page.js");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage second = await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Fact]
    public async Task A_device_says_how_it_authenticates_and_shows_no_secret_with_a_certificate()
    {
        string thumbprint = new('A', 40);
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions
        {
            Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key), new LocalDevice("lamp") { Thumbprint = thumbprint }, new LocalDevice("door") { IsSignedByAuthority = true }],
        });
        var page = new PageClient(hub);

        DeviceView keyed = await page.DeviceAsync();
        DeviceView lamp = await page.DeviceAsync("lamp");
        DeviceView door = await page.DeviceAsync("door");
        SecretView secret = await page.AskAsync(HttpMethod.Post, "/page/api/secret?id=lamp", PageJson.Default.SecretView);

        Assert.Equal(("sas", "selfSigned", "certificateAuthority"), (keyed.Authentication, lamp.Authentication, door.Authentication));
        Assert.Equal([thumbprint], lamp.Thumbprints);
        Assert.Equal("HostName=hub.localhost;DeviceId=lamp;x509=true", secret.ConnectionString);
    }

    [Fact]
    public async Task Over_plain_http_the_page_is_on_a_port_of_its_own_that_an_outage_leaves_alone()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { PagePort = 0 });
        using var browser = new HttpClient { BaseAddress = hub.Hub.PageAddress };
        browser.DefaultRequestHeaders.Add(PageGate.CallHeader, "1");

        string html = await browser.GetStringAsync("/", TestContext.Current.CancellationToken);
        await hub.Hub.StopListeningAsync();
        string overview = await browser.GetStringAsync("/page/api/overview", TestContext.Current.CancellationToken);

        Assert.Equal("http", hub.Hub.PageAddress.Scheme);
        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse(overview)!["hub"]!["isStopped"]!);
    }

    [Fact]
    public async Task A_page_port_that_is_taken_is_a_clear_error()
    {
        await using TestHub first = await TestHub.StartAsync();

        LocalHubException refused = await Assert.ThrowsAsync<LocalHubException>(() => TestHub.StartAsync(new LocalHubOptions { PagePort = first.Hub.MqttPort }));

        Assert.Equal((LocalHubFault.PortInUse, first.Hub.MqttPort), (refused.Fault, refused.Port));
    }

    [Fact]
    public async Task The_overview_tells_devices_and_what_is_new_and_no_secret()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);
        await using TestDevice device = await hub.ConnectAsync();
        await device.PublishAsync("devices/dev-01/messages/events/a=1&%24.ct=text%2Fplain", "hello");
        await hub.Hub.Telemetry.WaitUntilAsync(log => log.Received == 1, TestContext.Current.CancellationToken);

        OverviewView view = await page.OverviewAsync();
        OverviewView later = await page.OverviewAsync("?messages=1&events=1&filter=02");

        Assert.Equal((hub.Hub.HostName, hub.Hub.MqttPort, 1L, 1), (view.Hub.HostName, view.Hub.MqttPort, view.Hub.Received, view.Hub.Connected));
        Assert.Equal([("dev-01", true), ("dev-02", false)], view.Devices.Select(one => (one.Id, one.IsConnected)));
        MessageView message = Assert.Single(view.Messages);
        Assert.Equal((1L, "dev-01", "hello", "text/plain", 5), (message.Sequence, message.Device, message.Text, message.ContentType, message.Size));
        Assert.Equal("1", message.Properties["a"]);
        Assert.Equal("connected", Assert.Single(view.Events).Kind);
        Assert.Equal(("dev-02", 1), (Assert.Single(later.Devices).Id, later.DeviceCount));
        Assert.Empty(later.Messages);
        Assert.Empty(later.Events);
        Assert.Equal(view.Run, later.Run);
        using HttpResponseMessage raw = await page.SendAsync(HttpMethod.Get, "/page/api/overview");
        Assert.DoesNotContain("Key", await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_shown_as_text_or_base64_and_cut_where_it_is_long()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.PublishAsync("devices/dev-01/messages/events/", new string('ä', 4000));
        await device.PublishAsync("devices/dev-01/messages/events/", "a" + new string('ä', 4000));
        await hub.Hub.Telemetry.WaitUntilAsync(log => log.Received == 2, TestContext.Current.CancellationToken);

        OverviewView view = await new PageClient(hub).OverviewAsync("?device=dev-01");

        Assert.All(view.Messages, message => Assert.True(message is { IsCut: true, Base64: null }));
        Assert.Equal(new string('ä', 2048), view.Messages[0].Text);
        Assert.Equal("a" + new string('ä', 2047), view.Messages[1].Text); // the cut went through a character
        Assert.Empty((await new PageClient(hub).OverviewAsync("?device=dev-02")).Messages);
    }

    [Fact]
    public async Task Desired_properties_are_replaced_and_pushed_and_the_tags_stay()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"x":1,"y":2}},"tags":{"t":3}}""");
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");
        DeviceView before = await page.DeviceAsync();

        DeviceView after = await page.AskAsync(HttpMethod.Put, "/page/api/desired?id=dev-01", PageJson.Default.DeviceView, """{"y":5}""", before.TwinETag);
        (string Topic, string Payload) push = await device.NextAsync();

        Assert.Equal("""{"x":1,"y":2}""", before.Desired.ToJsonString());
        Assert.Equal(("""{"y":5}""", """{"t":3}""", before.DesiredVersion + 1), (after.Desired.ToJsonString(), after.Tags.ToJsonString(), after.DesiredVersion));
        Assert.Equal(5, (int)JsonNode.Parse(push.Payload)!["y"]!);
    }

    [Fact]
    public async Task Tags_are_replaced_and_the_device_hears_nothing_of_it()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"x":1}},"tags":{"site":"lab","old":{"a":1},"kept":{"b":1,"c":2}}}""");
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");
        DeviceView before = await page.DeviceAsync();

        DeviceView after = await page.AskAsync(HttpMethod.Put, "/page/api/tags?id=dev-01", PageJson.Default.DeviceView, """{"site":"office","kept":{"c":2,"d":null}}""", before.TwinETag);
        (int stale, _) = await page.RefusedAsync(HttpMethod.Put, "/page/api/tags?id=dev-01", "{}", before.TwinETag);
        (int broken, _) = await page.RefusedAsync(HttpMethod.Put, "/page/api/tags?id=dev-01", """{"a b":1}""", after.TwinETag);
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"next":1}}}""");
        (_, string push) = await device.NextAsync();

        Assert.Equal("""{"site":"office","kept":{"c":2}}""", after.Tags.ToJsonString());
        Assert.Equal((before.DesiredVersion, """{"x":1}"""), (after.DesiredVersion, after.Desired.ToJsonString()));
        Assert.Equal((412, 400), (stale, broken));
        Assert.Equal($$"""{"next":1,"$version":{{before.DesiredVersion + 1}}}""", push); // the first that it hears of
    }

    [Theory]
    [InlineData("{}", null, 428)]
    [InlineData("{}", "stale", 412)]
    [InlineData("[]", "*", 400)]
    [InlineData("{", "*", 400)]
    [InlineData("""{"a":1,"a":2}""", "*", 400)]
    [InlineData("""{"a.b":1}""", "*", 400)]
    public async Task Desired_properties_that_cannot_be_taken_are_refused_and_change_nothing(string body, string? ifMatch, int status)
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);
        DeviceView before = await page.DeviceAsync();

        (int refused, string message) = await page.RefusedAsync(HttpMethod.Put, "/page/api/desired?id=dev-01", body, ifMatch);

        Assert.Equal(status, refused);
        Assert.NotEqual("", message);
        Assert.Equal(before.TwinETag, (await page.DeviceAsync()).TwinETag);
    }

    [Fact]
    public async Task A_method_is_called_and_its_answer_shown()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");
        Task<MethodView> calling = page.AskAsync(HttpMethod.Post, "/page/api/method?id=dev-01", PageJson.Default.MethodView, """{"name":"reboot","payload":{"in":5},"timeoutSeconds":20}""");
        (string Topic, string Payload) call = await device.NextAsync();
        string requestId = call.Topic[(call.Topic.IndexOf("$rid=", StringComparison.Ordinal) + 5)..];

        await device.PublishAsync($"$iothub/methods/res/207/?$rid={requestId}", """{"ok":true}""");
        MethodView answer = await calling;

        Assert.StartsWith("$iothub/methods/POST/reboot/", call.Topic, StringComparison.Ordinal);
        Assert.Equal("""{"in":5}""", call.Payload);
        Assert.Equal((207, """{"ok":true}"""), (answer.Status, answer.Payload!.ToJsonString()));
    }

    [Theory]
    [InlineData("dev-01", """{"name":"reboot"}""", 404)]
    [InlineData("nobody", """{"name":"reboot"}""", 404)]
    [InlineData("dev-01", "{}", 400)]
    [InlineData("dev-01", """{"name":"reboot","timeoutSeconds":4}""", 400)]
    [InlineData("dev-01", """{"name":7}""", 400)]
    [InlineData("dev-01", """{"name":"reboot","name":"again"}""", 400)]
    [InlineData("dev-01", """{"name":"reboot","payload":{"a":1,"a":2}}""", 400)]
    [InlineData("dev-01", "", 400)]
    [InlineData("dev-01", "null", 400)]
    public async Task A_call_that_cannot_be_made_says_why(string device, string body, int status)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (int refused, string message) = await new PageClient(hub).RefusedAsync(HttpMethod.Post, $"/page/api/method?id={device}", body);

        Assert.Equal(status, refused);
        Assert.NotEqual("", message);
    }

    [Fact]
    public async Task A_message_reaches_the_device_with_its_properties()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("devices/dev-01/messages/devicebound/#");

        await new PageClient(hub).AskAsync(
            HttpMethod.Post, "/page/api/message?id=dev-01", PageJson.Default.QueueView, """{"text":"hällo","messageId":"m1","ack":"full","properties":{"a":"1","b":null}}""");
        (string Topic, string Payload) message = await device.NextAsync();

        Assert.Equal("hällo", message.Payload);
        Assert.Contains("%24.mid=m1", message.Topic, StringComparison.Ordinal);
        Assert.Contains("iothub-ack=full", message.Topic, StringComparison.Ordinal);
        Assert.EndsWith("&a=1&b", message.Topic, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dev-01", """{"messageId":"a b"}""", 400)]
    [InlineData("dev-01", """{"ack":"perhaps"}""", 400)]
    [InlineData("dev-01", """{"ack":9}""", 400)]
    [InlineData("nobody", "{}", 404)]
    public async Task A_message_that_cannot_be_sent_says_why(string device, string body, int status)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (int refused, _) = await new PageClient(hub).RefusedAsync(HttpMethod.Post, $"/page/api/message?id={device}", body);

        Assert.Equal(status, refused);
    }

    [Fact]
    public async Task A_device_is_added_once_under_a_sound_id()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);

        DeviceView added = await page.AskAsync(HttpMethod.Post, "/page/api/device", PageJson.Default.DeviceView, """{"id":" x#1 "}""");
        (int again, _) = await page.RefusedAsync(HttpMethod.Post, "/page/api/device", """{"id":"x#1"}""");
        (int malformed, _) = await page.RefusedAsync(HttpMethod.Post, "/page/api/device", """{"id":"a/b"}""");

        Assert.Equal(("x#1", false), (added.Id, added.IsConnected));
        Assert.Equal((409, 400), (again, malformed));
        Assert.Contains("x#1", hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task Faults_in_force_and_to_come_are_listed_and_can_be_ended()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);
        await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", """{"kind":"refuse","deviceId":"dev-02","forSeconds":60}""");
        await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", """{"kind":"delay","afterSeconds":60}""");

        IReadOnlyList<FaultRow> faults = (await page.OverviewAsync()).Faults;
        EndedView ended = await page.AskAsync(HttpMethod.Delete, $"/page/api/fault?id={faults[0].Id}", PageJson.Default.EndedView);
        IReadOnlyList<FaultRow> afterwards = (await page.OverviewAsync()).Faults;
        (int again, _) = await page.RefusedAsync(HttpMethod.Delete, $"/page/api/fault?id={faults[0].Id}");

        Assert.Equal([("refuse", "dev-02", true), ("delay", null, false)], faults.OrderBy(fault => fault.Id).Select(fault => (fault.Kind, fault.Device, fault.IsActive)));
        Assert.DoesNotContain(afterwards, fault => fault.Id == ended.Id);
        Assert.Single(afterwards);
        Assert.Equal(404, again);
    }

    [Fact]
    public async Task A_connection_string_is_told_to_who_asks_for_it()
    {
        await using TestHub hub = await TestHub.StartAsync();
        var page = new PageClient(hub);

        SecretView device = await page.AskAsync(HttpMethod.Post, "/page/api/secret?id=dev-01", PageJson.Default.SecretView);
        SecretView service = await page.AskAsync(HttpMethod.Post, "/page/api/secret", PageJson.Default.SecretView);
        using HttpResponseMessage got = await page.SendAsync(HttpMethod.Get, "/page/api/secret?id=dev-01");

        Assert.Equal(hub.Hub.DeviceConnectionString("dev-01"), device.ConnectionString);
        Assert.Equal(hub.Hub.ServiceConnectionString, service.ConnectionString);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
    }
}
