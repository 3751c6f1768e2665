using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

public sealed class ServiceTests
{
    private const string Create = """{"deviceId":"new-1","status":"enabled","authentication":{"type":"sas","symmetricKey":{"primaryKey":"","secondaryKey":""}}}""";

    [Fact]
    public async Task A_created_device_has_keys_connects_is_listed_and_goes_when_deleted()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode created, JsonNode? identity, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Put, "/devices/new-1", Create);
        string key = (string)identity!["authentication"]!["symmetricKey"]!["primaryKey"]!;
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options("new-1", key).Build());
        (_, JsonNode? list, _) = await hub.CallAsync(HttpMethod.Get, "/devices/?top=10");
        JsonNode hubFile = await HubFileWithAsync(hub, "new-1");
        (HttpStatusCode again, JsonNode? conflict, _) = await hub.CallAsync(HttpMethod.Put, "/devices/new-1", Create);
        (HttpStatusCode stale, _, _) = await hub.CallAsync(HttpMethod.Delete, "/devices/new-1", ifMatch: "\"AAAA\"");
        (HttpStatusCode deleted, _, _) = await hub.CallAsync(HttpMethod.Delete, "/devices/new-1", ifMatch: "\"*\"");
        await device.WhenLost();
        (HttpStatusCode gone, JsonNode? missing, HttpResponseMessage goneMessage) = await hub.CallAsync(HttpMethod.Get, "/devices/new-1");

        Assert.Equal(HttpStatusCode.OK, created);
        Assert.Equal($"\"{(string)identity["etag"]!}\"", message.Headers.ETag!.ToString());
        Assert.Equal(32, Convert.FromBase64String(key).Length);
        Assert.Equal(["dev-01", "dev-02", "new-1"], list!.AsArray().Select(one => (string)one!["deviceId"]!));
        Assert.Equal(hub.Hub.DeviceConnectionString("dev-02"), (string)hubFile["devices"]!["dev-02"]!);
        Assert.Equal(HttpStatusCode.Conflict, again);
        Assert.StartsWith("ErrorCode:DeviceAlreadyExists;", (string)conflict!["Message"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale);
        Assert.Equal(HttpStatusCode.NoContent, deleted);
        Assert.Equal(HttpStatusCode.NotFound, gone);
        Assert.StartsWith("ErrorCode:DeviceNotFound;new-1", (string)missing!["Message"]!, StringComparison.Ordinal);
        Assert.StartsWith("Tracking ID:", (string)missing["ExceptionMessage"]!, StringComparison.Ordinal);
        Assert.Equal("DeviceNotFound", goneMessage.Headers.GetValues("iothub-errorcode").Single());
        Assert.Equal("application/json; charset=utf-8", goneMessage.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task The_capability_of_an_edge_device_is_kept_told_and_changed()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (_, JsonNode? made, _) = await hub.CallAsync(HttpMethod.Put, "/devices/edge", """{"deviceId":"edge","capabilities":{"iotEdge":true}}""");
        (_, JsonNode? kept, _) = await hub.CallAsync(HttpMethod.Put, "/devices/edge", """{"deviceId":"edge","status":"disabled"}""", ifMatch: "*");
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, "/twins/edge");
        (_, JsonNode? found, _) = await hub.CallAsync(HttpMethod.Post, "/devices/query", """{"query":"SELECT deviceId FROM devices WHERE capabilities.iotEdge = true"}""");
        (_, JsonNode? changed, _) = await hub.CallAsync(HttpMethod.Put, "/devices/edge", """{"deviceId":"edge","capabilities":{"iotEdge":false}}""", ifMatch: "*");
        (HttpStatusCode misread, _, _) = await hub.CallAsync(HttpMethod.Put, "/devices/other", """{"deviceId":"other","capabilities":{"iotEdge":"yes"}}""");

        Assert.All([made, kept, twin], answer => Assert.True((bool)answer!["capabilities"]!["iotEdge"]!));
        Assert.Equal("""[{"deviceId":"edge"}]""", found!.ToJsonString());
        Assert.False((bool)changed!["capabilities"]!["iotEdge"]!);
        Assert.Equal(HttpStatusCode.BadRequest, misread);
    }

    [Fact]
    public async Task Disabling_a_device_ends_its_connection_and_refuses_the_next()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        (HttpStatusCode status, JsonNode? identity, _) = await hub.CallAsync(HttpMethod.Put, "/devices/dev-01", """{"deviceId":"dev-01","status":"disabled","statusReason":"test"}""", ifMatch: "*");
        await device.WhenLost();

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("disabled", (string)identity!["status"]!);
        Assert.Equal(TestHub.Key, (string)identity["authentication"]!["symmetricKey"]!["primaryKey"]!);
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.NotAuthorized, await TestDevice.RefusalAsync(hub.Options().Build()));
    }

    [Theory]
    [InlineData("no token", HttpStatusCode.Unauthorized, 401002)]
    [InlineData("policy without the right", HttpStatusCode.Unauthorized, 401002)]
    [InlineData("device key", HttpStatusCode.Unauthorized, 401002)]
    [InlineData("expired", HttpStatusCode.Unauthorized, 401002)]
    [InlineData("no version", HttpStatusCode.BadRequest, 400001)]
    public async Task What_every_call_needs_is_checked(string fault, HttpStatusCode expected, int code)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, fault == "no version" ? "/twins/dev-01" : "/twins/dev-01?api-version=2021-04-12");
        string? token = fault switch
        {
            "no token" => null,
            "policy without the right" => hub.ServiceToken("device"),
            "device key" => hub.DeviceToken(),
            "expired" => TestHub.Token(hub.ServiceKey, hub.Hub.HostName, TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1), "iothubowner"),
            _ => hub.ServiceToken(),
        };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }

        using HttpResponseMessage answer = await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
        JsonNode body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(code, (int)JsonNode.Parse((string)body["Message"]!)!["errorCode"]!);
    }

    [Theory]
    [InlineData("elsewhere.example", "HTTP/1.1 400 ", "Requested Host is not supported")]
    [InlineData("hub.localhost", "HTTP/1.1 200 ", "deviceId")]
    [InlineData("HUB.localhost:443", "HTTP/1.1 200 ", "deviceId")]
    [InlineData("[::1]:8443", "HTTP/1.1 200 ", "deviceId")]
    public async Task The_host_header_must_name_this_hub(string host, string statusLine, string content)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", hub.Hub.HttpsPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = hub.Hub.HostName, CertificateChainPolicy = hub.Trust() }, TestContext.Current.CancellationToken);

        string request = $"GET /devices/dev-01?api-version=2021-04-12 HTTP/1.1\r\nHost: {host}\r\nAuthorization: {hub.ServiceToken()}\r\nConnection: close\r\n\r\n";
        await tls.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls);
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith(statusLine, answer, StringComparison.Ordinal);
        Assert.Contains(content, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_path_and_a_wrong_verb_are_answered_in_json()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode path, JsonNode? pathBody, _) = await hub.CallAsync(HttpMethod.Get, "/nothing/here");
        (HttpStatusCode verb, JsonNode? verbBody, _) = await hub.CallAsync(HttpMethod.Delete, "/twins/dev-01");

        Assert.Equal(HttpStatusCode.NotFound, path);
        Assert.NotNull(pathBody!["Message"]);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, verb);
        Assert.NotNull(verbBody!["Message"]);
    }

    [Fact]
    public async Task A_program_outside_reads_the_telemetry_page_by_page()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        for (int number = 1; number <= 3; number++)
        {
            await device.PublishAsync($"devices/dev-01/messages/events/%24.mid=m{number}&none", $"{number}");
        }

        (HttpStatusCode status, JsonNode? page, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/telemetry?after=1");
        (HttpStatusCode bad, _, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/telemetry?after=x");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["m2", "m3"], page!.AsArray().Select(one => (string)one!["messageId"]!));
        Assert.Equal("3", Encoding.UTF8.GetString(Convert.FromBase64String((string)page[1]!["body"]!)));
        Assert.True(page[0]!["applicationProperties"]!.AsObject().TryGetPropertyValue("none", out JsonNode? none) && none is null);
        Assert.Equal(3, (int)page[1]!["sequenceNumber"]!);
        Assert.Equal(HttpStatusCode.BadRequest, bad);
    }

    [Fact]
    public async Task A_device_id_with_special_characters_works_on_every_path()
    {
        const string Id = "dev:a(b)%c'd";
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice(Id, TestHub.Key)] });
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(Id).Build());
        await device.PublishAsync($"devices/{Id}/messages/events/%24.mid=m1");

        (HttpStatusCode status, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Get, $"/twins/{Uri.EscapeDataString(Id)}");

        Assert.Equal(Id, Assert.Single(hub.Hub.Telemetry.Snapshot()).DeviceId);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Id, (string)twin!["deviceId"]!);
    }

    /// <summary>Changes are gathered for a moment before the file is written.</summary>
    private static async Task<JsonNode> HubFileWithAsync(TestHub hub, string deviceId)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TestHub.Deadline);
        while (true)
        {
            JsonNode file = JsonNode.Parse(await File.ReadAllTextAsync(hub.Hub.HubFile, deadline.Token))!;
            if (file["devices"]![deviceId] is not null)
            {
                return file;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }
    }
}
