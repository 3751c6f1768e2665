using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using HubEmulator;
using Node.Host.Tests.Observability;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Cli;

/// <summary>The program as a service: notified, measured, kept in safe mode.</summary>
public sealed class ServiceProgramTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_notifies_its_manager_reloads_on_SIGHUP_writes_the_journals_lines_and_stops()
    {
        using var folder = new TemporaryFolder();
        using var manager = new NotifySocket(folder.File("notify"));
        using var node = new NodeProcess(folder.Path, ["run"],
            ("NOTIFY_SOCKET", folder.File("notify")), ("WATCHDOG_USEC", "400000"), ("JOURNAL_STREAM", "8:1"), ("Node__Sensors__climate__Interval", "100ms"));

        Assert.Contains("STATUS=ok ", manager.ReadUntil("READY=1"), StringComparison.Ordinal);
        manager.ReadUntil("WATCHDOG=1");
        Signal(node, "HUP");
        Assert.Contains("MONOTONIC_USEC=", manager.ReadUntil("RELOADING=1"), StringComparison.Ordinal);
        manager.ReadUntil("READY=1");
        node.Terminate();
        manager.ReadUntil("STOPPING=1");

        Assert.Equal(0, await node.EndAsync(Cancelled));
        Assert.Contains("<6>", node.Output, StringComparison.Ordinal);
        Assert.Contains("SIGHUP: log levels are read again; nothing else has changed", node.Output, StringComparison.Ordinal);
        Assert.Matches(@"<4>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+00:00 Node\.Hub", node.Output);
    }

    [Theory, InlineData("Node.Spool[100]"), InlineData("The clock is"), InlineData(" started"), InlineData("Status page at")]
    public async Task Told_to_stop_while_it_starts_it_ends_as_at_any_other_time(string line)
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Sensors__climate__Interval", "100ms"));
        await node.UntilAsync(() => node.Output.Contains(line, StringComparison.Ordinal), Cancelled);

        node.Terminate();

        Assert.Equal(0, await node.EndAsync(Cancelled));
        Assert.DoesNotContain("fail:", node.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_metrics_of_a_running_node_satisfy_a_strict_reader()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Sensors__climate__Interval", "100ms"));
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };

        PrometheusText read;
        do
        {
            using HttpResponseMessage answer = await http.GetAsync("/metrics", Cancelled);
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
            read = PrometheusText.Parse(await answer.Content.ReadAsStringAsync(Cancelled));
        }
        while (read["sensornode_spool_depth"] < 2);

        Assert.InRange(read["sensornode_sensor_value{id=\"climate\",name=\"temperature\",unit=\"degreeCelsius\"}"], -40, 85);
        Assert.True(read["sensornode_sensor_gather_duration_seconds_count{id=\"climate\"}"] >= 2);
    }

    [Fact]
    public async Task Metrics_and_traces_reach_a_collector_that_the_standard_variables_name()
    {
        using var folder = new TemporaryFolder();
        await using OtlpCollector collector = await OtlpCollector.StartAsync();
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi1")] }, Cancelled);
        using var service = new HubService(hub);
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Hub__ConnectionString", hub.DeviceConnectionString("pi1")),
            ("Node__Hub__Port", $"{hub.MqttPort}"), ("Node__Hub__HttpsPort", $"{hub.HttpsPort}"), ("Node__Hub__TrustedRootsFile", hub.CaFile),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("Node__Sensors__climate__Interval", "100ms"));

        await node.UntilAsync(() => collector.Has("/v1/metrics", "sensornode.spool.depth", "sensornode.sensor.value", "service.version", "host.arch", "dotnet."), Cancelled);
        await node.UntilAsync(() => collector.Has("/v1/traces", "sample", "spool commit", "sensornode"), Cancelled);
        await node.UntilAsync(() => node.Output.Contains("Connected to the hub", StringComparison.Ordinal), Cancelled);
        (int status, _) = await service.CallAsync("pi1", "ping", "null", Cancelled);
        await node.UntilAsync(() => collector.Has("/v1/traces", "send", "messaging.message.id", "method", "sensornode.method.name", "ping"), Cancelled);
        Assert.Equal(200, status);
        Assert.True(collector.Has("/v1/traces", "device.model.identifier", "dtmi:com:sensornode:Node_")); // The node's own model, which nobody configured.
        node.Terminate();

        Assert.Equal(0, await node.EndAsync(Cancelled));
    }

    [Fact]
    public async Task Readings_make_no_line_at_information_however_many_there_are()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi1")] }, Cancelled);
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Hub__ConnectionString", hub.DeviceConnectionString("pi1")),
            ("Node__Hub__Port", $"{hub.MqttPort}"), ("Node__Hub__HttpsPort", $"{hub.HttpsPort}"), ("Node__Hub__TrustedRootsFile", hub.CaFile),
            ("Logging__LogLevel__Default", "Information"), ("Node__Sensors__climate__Interval", "100ms"), ("Node__Sensors__cellar__Chip", "BME280"),
            ("Node__Sensors__cellar__Address", "0x77"), ("Node__Sensors__cellar__Interval", "100ms"));

        await node.UntilAsync(() => hub.Telemetry.Received >= 20, Cancelled);
        int before = Lines(node);
        await node.UntilAsync(() => hub.Telemetry.Received >= 220, Cancelled);

        Assert.InRange(Lines(node) - before, 0, 10); // 200 readings taken, stored, sent and confirmed; what else happens on a busy machine is allowed for.
    }

    [Fact]
    public async Task After_bad_starts_it_runs_in_safe_mode_without_actuators_until_one_start_lasts()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("boot.json"), "{\"bad\":2}");
        (string, string)[] settings = [("Node__SafeMode__BadBoots", "2"), ("Node__SafeMode__BootIsGoodAfter", "1s")];
        using (var node = new NodeProcess(folder.Path, ["run"], settings))
        {
            using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
            Assert.EndsWith(", safe mode", await http.GetStringAsync("/healthz", Cancelled), StringComparison.Ordinal);
            JsonNode status = (await http.GetFromJsonAsync<JsonNode>("/api/status", Cancelled))!;
            Assert.Empty(status["actuators"]!.AsArray());
            Assert.Single(status["sensors"]!.AsArray());
            await node.UntilAsync(() => File.ReadAllText(folder.File("boot.json")) == "{\"bad\":0}", Cancelled);
            node.Terminate();
            Assert.Equal(0, await node.EndAsync(Cancelled));
            Assert.Contains("Safe mode after 2 starts that did not last", node.Output, StringComparison.Ordinal);
        }

        using var next = new NodeProcess(folder.Path, ["run"], settings);
        using var ask = new HttpClient { BaseAddress = new Uri((await next.ListeningAsync(Cancelled)).HttpUrl) };
        Assert.DoesNotContain("safe mode", await ask.GetStringAsync("/healthz", Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_counts_as_a_bad_start_and_a_stop_does_not()
    {
        using var folder = new TemporaryFolder();
        using (var killed = new NodeProcess(folder.Path, ["run"]))
        {
            await killed.ListeningAsync(Cancelled);
        }

        Assert.Equal("{\"bad\":1}", File.ReadAllText(folder.File("boot.json")));
        using var stopped = new NodeProcess(folder.Path, ["run"]);
        await stopped.ListeningAsync(Cancelled);
        stopped.Terminate();
        Assert.Equal(0, await stopped.EndAsync(Cancelled));
        Assert.Equal("{\"bad\":1}", File.ReadAllText(folder.File("boot.json")));
    }

    [Fact]
    public async Task The_update_lock_is_held_while_an_actuator_is_on_and_is_gone_after_the_stop()
    {
        using var folder = new TemporaryFolder();
        string updates = folder.File("balena/updates.lock");
        using var node = new NodeProcess(folder.Path, ["run"], ("BALENA_APP_LOCK_PATH", updates), ("Node__Http__Token", "token-of-the-test"));
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", "token-of-the-test");
        Assert.False(File.Exists(updates));

        using HttpResponseMessage on = await http.PutAsync("/actuators/led", new StringContent("On"), Cancelled);
        Assert.True(on.IsSuccessStatusCode);
        await node.UntilAsync(() => File.Exists(updates), Cancelled);
        Assert.Contains(", update lock held", await http.GetStringAsync("/healthz", Cancelled), StringComparison.Ordinal);
        node.Terminate();

        Assert.Equal(0, await node.EndAsync(Cancelled));
        Assert.False(File.Exists(updates));
    }

    [Fact]
    public void The_unit_file_is_accepted_by_systemd()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed");
        using var folder = new TemporaryFolder();
        string unit = File.ReadAllText(Repository.Find("deploy/systemd/sensornode.service")).Replace("/opt/sensornode/sensornode run", "/bin/true", StringComparison.Ordinal);
        File.WriteAllText(folder.File("sensornode.service"), unit);
        using Process verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", folder.File("sensornode.service")]) { RedirectStandardError = true })!;
        string said = verify.StandardError.ReadToEnd();
        verify.WaitForExit();

        Assert.DoesNotContain("sensornode.service", said, StringComparison.Ordinal); // It ends with 0 even when it does not know a key.
    }

    private static int Lines(NodeProcess node) => node.Output.Count(static each => each == '\n');

    private static void Signal(NodeProcess node, string signal) =>
        Process.Start("kill", [$"-{signal}", node.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
}
