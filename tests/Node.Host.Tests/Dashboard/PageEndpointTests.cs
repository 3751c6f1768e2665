using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Node.Host.Dashboard;
using Node.Host.Dashboard.Events;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Dashboard;

public sealed class PageEndpointTests
{
    private const string Secret = "correct-horse-battery";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_the_page_asks_for_is_answered_with_its_headers_and_without_a_secret()
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder);
        using HttpClient http = await ConnectAsync(node);

        string[] paths =
        [
            "/", .. PageFiles.Own.Where(name => name != "index.html").Select(name => $"/{name}"), $"/{PageFiles.ChartScript}", $"/{PageFiles.ChartStyle}",
            "/api/status", "/api/history/climate", "/api/logs", "/api/config", "/api/twin", "/switch/led",
        ];
        foreach (string path in paths)
        {
            using HttpResponseMessage answer = await http.GetAsync(path, Cancelled);

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
            Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.DoesNotContain(Secret, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        JsonArray settings = JsonNode.Parse(await http.GetStringAsync("/api/config", Cancelled))!.AsArray();
        JsonNode token = settings.Single(setting => (string?)setting!["key"] == "Node:Http:Token")!;
        Assert.Equal(("(secret)", true), ((string?)token["value"], ((string?)token["source"])!.Contains("environment", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(settings, setting => (string?)setting!["source"] == "default");
    }

    [Fact]
    public async Task A_value_is_given_as_ESPHome_does_and_its_curve_grows()
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder);
        using HttpClient http = await ConnectAsync(node);
        JsonNode? history = null;
        while (Points(history) < 3)
        {
            history = JsonNode.Parse(await http.GetStringAsync("/api/history/climate?seconds=600", Cancelled));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
        }

        JsonNode value = JsonNode.Parse(await http.GetStringAsync("/sensor/climate_temperature", Cancelled))!;

        double celsius = (double)value["value"]!;
        Assert.Equal(("sensor-climate_temperature", "climate temperature"), ((string?)value["id"], (string?)value["name"]));
        Assert.Equal($"{celsius.ToString("F2", CultureInfo.InvariantCulture)} °C", (string?)value["state"]);
        Assert.Equal("good", (string?)value["quality"]);
        JsonNode curve = history!["quantities"]!.AsArray().Single(series => (string?)series!["quantity"] == "temperature")!;
        Assert.Equal(curve["at"]!.AsArray().Count, curve["raw"]!.AsArray().Count);
        Assert.All(curve["filtered"]!.AsArray(), point => Assert.InRange((double)point!, -40, 85));
    }

    [Theory]
    [InlineData("/sensor/nothing", HttpStatusCode.NotFound, "climate_temperature")]
    [InlineData("/api/history/nothing", HttpStatusCode.NotFound, "climate")]
    [InlineData("/api/history/climate?seconds=59", HttpStatusCode.BadRequest, "60 to 86400")]
    [InlineData("/api/history/climate?seconds=86401", HttpStatusCode.BadRequest, "60 to 86400")]
    [InlineData("/api/history/climate?seconds=-60&seconds=1e3", HttpStatusCode.BadRequest, "60 to 86400")]
    [InlineData("/api/history/climate?seconds=999999999999999999999", HttpStatusCode.BadRequest, "60 to 86400")]
    [InlineData("/api/logs?tail=0", HttpStatusCode.BadRequest, "1 to 2000")]
    [InlineData("/api/logs?tail=2001", HttpStatusCode.BadRequest, "1 to 2000")]
    [InlineData("/api/logs?level=loud", HttpStatusCode.BadRequest, "error, warning")]
    public async Task What_cannot_be_answered_is_refused_with_what_is_allowed(string path, HttpStatusCode status, string allowed)
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder);
        using HttpClient http = await ConnectAsync(node);
        while ((await http.GetAsync("/sensor/climate_temperature", Cancelled)).StatusCode != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancelled);
        }

        using HttpResponseMessage answer = await http.GetAsync(path, Cancelled);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(allowed, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_begin_with_a_ping_go_on_with_states_and_do_not_hold_up_the_stop()
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder);
        using HttpClient http = await ConnectAsync(node);
        using HttpResponseMessage answer = await http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        List<string> read = [];
        while (read.Count(line => line.Contains("sensor-climate_temperature", StringComparison.Ordinal)) < 3)
        {
            read.Add(await lines.ReadLineAsync(Cancelled) ?? throw new EndOfStreamException(node.Output));
        }

        node.Terminate();

        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("event: ping", read.First(line => line.StartsWith("event:", StringComparison.Ordinal)));
        Assert.Contains(read, line => line.StartsWith("""data: {"id":"switch-led","name":"led","value":false,"state":"OFF"}""", StringComparison.Ordinal));
        while (await lines.ReadLineAsync(Cancelled) is not null)
        {
            // until the node ends the answer
        }

        Assert.Equal(0, await node.EndAsync(Cancelled));
    }

    [Fact]
    public async Task One_client_more_than_may_listen_is_told_so()
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder);
        using HttpClient http = await ConnectAsync(node);
        List<HttpResponseMessage> listening = [];
        for (int client = 0; client < EventStream.MostClients; client++)
        {
            listening.Add(await http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancelled));
        }

        using HttpResponseMessage tooMany = await http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead, Cancelled);

        Assert.All(listening, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, tooMany.StatusCode);
        listening.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task The_scan_shows_what_is_there_beside_the_sampling_and_the_pulse_needs_the_token()
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder, ("Node__Sensors__hall__Chip", "SHT31"), ("Node__Sensors__hall__Address", "0x44"));
        using HttpClient http = await ConnectAsync(node);

        using HttpResponseMessage scan = await http.PostAsync("/api/scan", null, Cancelled);
        using HttpResponseMessage refused = await http.PostAsync("/switch/led/pulse?seconds=1", null, Cancelled);
        http.DefaultRequestHeaders.Authorization = new("Bearer", Secret);
        using HttpResponseMessage wrong = await http.PostAsync("/switch/led/pulse?seconds=0", null, Cancelled);
        using HttpResponseMessage pulsed = await http.PostAsync("/switch/led/pulse?seconds=60", null, Cancelled);

        JsonNode bus = JsonNode.Parse(await scan.Content.ReadAsStringAsync(Cancelled))!["buses"]!.AsArray().Single()!;
        Assert.Equal(0, await FailuresAsync(http)); // Addresses that the scan found empty are no failures of the bus.
        Assert.Equal([0x44, 0x76], bus["chips"]!.AsArray().Select(chip => (int)chip!["address"]!));
        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, wrong.StatusCode, pulsed.StatusCode));
        Assert.Equal("On", await pulsed.Content.ReadAsStringAsync(Cancelled));
    }

    [Theory]
    [InlineData("/metrics", "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("/events", "text/event-stream; charset=utf-8")]
    [InlineData("/api/status", "application/json")]
    [InlineData("/", "text/html; charset=utf-8")]
    public async Task Who_asks_for_the_head_alone_gets_it_and_no_body(string path, string contentType)
    {
        using var folder = new TemporaryFolder();
        using NodeProcess node = Start(folder);
        using HttpClient http = await ConnectAsync(node);

        using HttpResponseMessage head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancelled);

        Assert.Equal((HttpStatusCode.OK, contentType), (head.StatusCode, head.Content.Headers.ContentType?.ToString()));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
    }

    private static async Task<long> FailuresAsync(HttpClient http) =>
        JsonNode.Parse(await http.GetStringAsync("/api/status", Cancelled))!["buses"]!.AsArray().Sum(load => (long)load!["failures"]!);

    private static NodeProcess Start(TemporaryFolder folder, params (string, string)[] more) =>
        new(folder.Path, ["run"], [("Node__Http__Token", Secret), ("Node__Sensors__climate__Interval", "100ms"), .. more]);

    private static async Task<HttpClient> ConnectAsync(NodeProcess node) => new() { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };

    private static int Points(JsonNode? history) => history?["quantities"] is JsonArray { Count: > 0 } quantities ? quantities[0]!["at"]!.AsArray().Count : 0;
}
