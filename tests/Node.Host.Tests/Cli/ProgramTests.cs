using System.Net;
using System.Text.Json.Nodes;
using Node.Host.Composition;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Cli;

public sealed class ProgramTests
{
    private const string Secret = "dmVyeXNlY3JldGtleTEyMw==";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_runs_samples_answers_and_stops_and_never_shows_its_secret()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("secret"), $"HostName=127.0.0.1;DeviceId=pi1;SharedAccessKey={Secret}");
        using var node = new NodeProcess(folder.Path, ["run"],
            ("Node__Hub__ConnectionString__File", folder.File("secret")), ("Node__Hub__Port", "9"), ("Node__Sensors__climate__Interval", "100ms"),
            ("Logging__LogLevel__Default", "Trace"));
        RunningNode running = await node.ListeningAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(running.HttpUrl) };

        JsonNode status = await StatusAsync(http);
        while ((long)status["telemetry"]!["durable"]! < 3 || (string)status["hub"]!["reason"]! != "NoNetwork")
        {
            status = await StatusAsync(http);
        }

        Assert.Equal(("pi1", running.BootId), ((string)status["node"]!["deviceId"]!, (string)status["node"]!["bootId"]!));
        Assert.StartsWith("ok 1/1 sensors", await http.GetStringAsync("/healthz", Cancelled), StringComparison.Ordinal);
        using HttpResponseMessage ready = await http.GetAsync("/readyz", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        await ThePageIsThereAsync(http);
        using var health = new NodeProcess(folder.Path, ["health"]);
        Assert.Equal(0, await health.EndAsync(Cancelled));

        node.Terminate();

        Assert.Equal(0, await node.EndAsync(Cancelled));
        Assert.Contains("Node stopped", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, status.ToJsonString(), StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("node.json")));
    }

    [Fact]
    public async Task Without_a_connection_string_it_samples_and_says_what_is_missing()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Sensors__climate__Interval", "100ms"), ("Node__Logging__Format", "json"));
        RunningNode running = await node.ListeningAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(running.HttpUrl) };

        while ((long)(await StatusAsync(http))["telemetry"]!["pending"]! < 3)
        {
        }

        Assert.StartsWith("ok", await http.GetStringAsync("/healthz", Cancelled), StringComparison.Ordinal);
        await node.UntilAsync(() => node.Output.Contains("No hub is configured", StringComparison.Ordinal), Cancelled);
    }

    [Theory]
    [InlineData(0, "version", "0.1.0")]
    [InlineData(0, "read", "climate  temperature ")]
    [InlineData(0, "read climate --json", "{\"climate\":{\"temperature\":{\"value\":")]
    [InlineData(0, "config show", "Node:Sensors:climate:Chip = BME280  (appsettings.json)")]
    [InlineData(0, "--help", "run")]
    [InlineData(0, "read climate --watch --every 100ms --count 2 --json", "\"sensor\":\"climate\",\"values\":{\"temperature\":{\"value\":")]
    [InlineData(0, "read --set Node:Sensors:climate:Filters:temperature:10_offset=-100", "degreeCelsius (raw ")]
    [InlineData(0, "scan --bus 1", "0x76  BME280 (register 0xD0 reads 0x60)  = climate")]
    [InlineData(0, "config check", "0 faults, 0 warnings")]
    [InlineData(0, "config schema", "https://json-schema.org/draft/2020-12/schema")]
    [InlineData(0, "config show --sources", "Node:Hub:HttpsPort = 443  (default)")]
    [InlineData(1, "config check --set Node:Http:Port=x", "1 fault, 0 warnings")]
    [InlineData(3, "config check --set Node:Http:Prt=1", "Node:Http:Port is meant?")]
    [InlineData(1, "scan --set Node:Bus:Provider=linux --bus 250", "/dev/i2c-250 does not exist")]
    [InlineData(1, "run --set Node:Bus:Provider=linux --set Node:Sensors:climate:Bus=250 --set Node:Sensors:climate:Startup=error", "because Node:Sensors:climate:Startup is error")]
    [InlineData(1, "doctor --set Node:Bus:Provider=linux --set Node:Sensors:climate:Bus=250", "devices: [\"/dev/i2c-250:/dev/i2c-250\"]")]
    [InlineData(2, "read --count 2", "sensornode: --every and --count go with --watch")]
    [InlineData(2, "read --watch --every 1ms", "sensornode: --every 1ms is not allowed; allowed is a duration from 100ms to 1h")]
    [InlineData(2, "scan --bus 300", "sensornode: --bus 300 is not allowed")]
    [InlineData(1, "health", "sensornode: no node runs on ")]
    [InlineData(2, "", "sensornode: ")]
    [InlineData(2, "provision", "Node:Hub:Dps:IdScope")]
    [InlineData(2, "config", "see 'sensornode config --help'")]
    [InlineData(2, "spool stat --loud", "'--loud' is not understood; see 'sensornode spool stat --help'")]
    [InlineData(0, "check --help", "doctor")]
    [InlineData(2, "dance", "sensornode: 'dance' is not understood")]
    [InlineData(2, "read cellar", "sensornode: there is no sensor 'cellar'; known are climate")]
    [InlineData(2, "run --set nonsense", "sensornode: --set nonsense: is no setting")]
    [InlineData(2, "run --set Node:Http:Port=x", "sensornode: Node:Http:Port: 'x' is not allowed")]
    [InlineData(2, "run --set Node:Hub:ConnectionString=HostName=h", "sensornode: Node:Hub:ConnectionString: the part DeviceId is missing")]
    [InlineData(2, "run --set Node:Hub:ConnectionString=DeviceId=d;SharedAccessKey=c2VjcmV0", "the part HostName is missing")]
    [InlineData(1, "config check --set Node:Hub:ConnectionString=HostName=h;DeviceId=d;SharedAccessKey=!!!", "Node:Hub:ConnectionString: SharedAccessKey is not base64")]
    [InlineData(1, "run --set Node:Http:Address=192.0.2.1 --set Node:Http:Port=0", "sensornode: Node:Http: 192.0.2.1:0 cannot be listened on")]
    [InlineData(2, "run --set Node:DataFolder=/proc/none", "sensornode: Node:DataFolder: '/proc/none' cannot be written to")]
    public async Task Each_verb_answers_with_its_exit_code_and_without_a_stack_trace(int exitCode, string arguments, string expected)
    {
        using var folder = new TemporaryFolder();
        using var program = new NodeProcess(folder.Path, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(exitCode, await program.EndAsync(Cancelled));
        Assert.Contains(expected, program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_during_the_start_is_no_end_and_a_stop_during_the_start_is_one_in_order()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], // The chip that the start waits for takes five seconds for its first measurement.
            ("Node__Sensors__air__Chip", "SCD41"), ("Node__Sensors__air__Startup", "error"));
        await node.UntilAsync(() => node.Output.Contains("Node.Spool", StringComparison.Ordinal), Cancelled);

        node.Signal("HUP");
        node.Terminate();

        Assert.Equal(0, await node.EndAsync(Cancelled));
        Assert.Contains("Told to stop before the node was up", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_with_the_remedy()
    {
        using var folder = new TemporaryFolder();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        int port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Http__Port", $"{port}"));

        Assert.Equal(1, await node.EndAsync(Cancelled));
        Assert.Contains("address already in use. Set Node:Http:Port to a free port", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_option_puts_emulated_chips_in_the_place_of_the_machines_buses()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run", "--emulate"], ("Node__Bus__Provider", "linux"), ("Node__Sensors__climate__Interval", "100ms"));
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };

        JsonNode status = await StatusAsync(http);
        while ((long)status["telemetry"]!["durable"]! < 1)
        {
            status = await StatusAsync(http);
        }

        Assert.Equal("ok", (string)status["sensors"]![0]!["state"]!);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("dead")]
    public async Task The_line_of_health_is_never_longer_than_a_fleet_shows(string node)
    {
        using var folder = new TemporaryFolder();
        string deep = Directory.CreateDirectory(folder.File(new string('d', 120))).FullName;
        if (node == "dead")
        {
            File.WriteAllText(Path.Combine(deep, "node.json"), """{"pid":1,"httpUrl":"http://127.0.0.1:9","bootId":"b"}""");
        }

        using var health = new NodeProcess(folder.Path, ["health"], ("Node__DataFolder", deep));

        Assert.Equal(1, await health.EndAsync(Cancelled));
        Assert.InRange(health.Output.TrimEnd().Length, 1, 100);
    }

    [Fact]
    public async Task The_settings_in_force_are_shown_without_the_secret()
    {
        using var folder = new TemporaryFolder();
        using var program = new NodeProcess(folder.Path, ["config", "show"],
            ("Node__Hub__ConnectionString", $"HostName=h;DeviceId=pi1;SharedAccessKey={Secret}"));

        Assert.Equal(0, await program.EndAsync(Cancelled));

        Assert.Contains("Node:Hub:ConnectionString = (secret)  (environment)", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_looks_at_more_than_twenty_things_and_never_shows_the_secret()
    {
        using var folder = new TemporaryFolder();
        using var program = new NodeProcess(folder.Path, ["doctor", "--json"],
            ("Node__Hub__ConnectionString", $"HostName=127.0.0.1;DeviceId=pi1;SharedAccessKey={Secret}"), ("Node__Hub__Port", "9"), ("Node__Hub__HttpsPort", "9"));

        Assert.Equal(1, await program.EndAsync(Cancelled));

        JsonNode report = JsonNode.Parse(program.Output)!;
        Assert.InRange(report["checks"]!.AsArray().Count, 20, 60);
        Assert.All(report["checks"]!.AsArray(), check => Assert.Equal((string)check!["result"]! != "ok", check["remedy"] is not null));
        Assert.Equal((int)report["errors"]!, report["checks"]!.AsArray().Count(check => (string)check!["result"]! == "error"));
        Assert.DoesNotContain(Secret, program.Output, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> StatusAsync(HttpClient http) => JsonNode.Parse(await http.GetStringAsync("/api/status", Cancelled))!;

    private static async Task ThePageIsThereAsync(HttpClient http)
    {
        using HttpResponseMessage page = await http.GetAsync("/", Cancelled);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains("script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        string text = await page.Content.ReadAsStringAsync(Cancelled);
        Assert.DoesNotContain("http://", text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", text, StringComparison.Ordinal);
        Assert.Contains("poll", await http.GetStringAsync("/page.js", Cancelled), StringComparison.Ordinal);
        Assert.Contains("light-dark", await http.GetStringAsync("/page.css", Cancelled), StringComparison.Ordinal);
        using HttpResponseMessage posted = await http.PostAsync("/api/status", null, Cancelled);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }
}
