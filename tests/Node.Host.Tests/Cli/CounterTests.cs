using System.Text;
using HubEmulator;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Spool;
using Node.Host.Tests.Observability;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Cli;

/// <summary>Every counter of <c>/metrics</c>, each moved by what it counts, in the real program at an emulated hub.</summary>
public sealed class CounterTests
{
    private static readonly string[] Hub =
    [
        "sensornode_hub_connect_failures_total", "sensornode_hub_messages_confirmed_total", "sensornode_hub_messages_retried_total", "sensornode_hub_messages_sent_total",
        "sensornode_hub_methods_total", "sensornode_hub_offline_duration_seconds_total", "sensornode_hub_offline_total", "sensornode_hub_reported_properties_total",
        "sensornode_hub_send_duration_seconds_count", "sensornode_hub_turns_total",
    ];

    private static readonly string[] Sensing =
    [
        "sensornode_readings_total", "sensornode_sensor_gather_duration_seconds_count", "sensornode_sensor_gather_errors_total", "sensornode_sensor_gather_timeouts_total",
        "sensornode_sensor_schedule_restarts_total", "sensornode_spool_appended_total", "sensornode_spool_commits_total", "sensornode_spool_confirmed_total",
        "process_cpu_seconds_total",
    ];

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happens_to_sensors_and_at_the_hub_moves_every_counter_but_those_of_drops()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi1")] }, Cancelled);
        using var service = new HubService(hub);
        File.WriteAllText(folder.File("board.json"), """
            {"version":1,"chips":[{"chip":"BME280"},{"chip":"SCD41"},{"chip":"SCD41","bus":3},{"chip":"SHT31"}],
             "faults":[{"kind":"slowConversion","chip":"scd41","factor":3},{"kind":"noAcknowledge","chip":"sht31"}]}
            """);
        using var node = new NodeProcess(folder.Path, ["run"], [.. At(hub), ("Node__Bus__EmulatedBoard", folder.File("board.json")),
            ("Node__Sensors__climate__Interval", "100ms"), ("Node__Sensors__air__Chip", "SCD41"), ("Node__Sensors__air__Interval", "100ms"), ("Node__Sensors__air__Timeout", "20s"),
            ("Node__Sensors__attic__Chip", "SCD41"), ("Node__Sensors__attic__Bus", "3"), ("Node__Sensors__attic__Interval", "100ms"), ("Node__Sensors__attic__Timeout", "1s"),
            ("Node__Sensors__damp__Chip", "SHT31"), ("Node__Sensors__damp__Interval", "100ms")]);
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
        await UntilAsync(http, node, read => Sum(read, "sensornode_hub_messages_confirmed_total") > 5);

        (int status, _) = await service.CallAsync("pi1", "ping", "null", Cancelled);
        hub.Play(new HubFault(HubFaultKind.HalfOpen) { For = TimeSpan.FromSeconds(2) }); // What is under way gets no answer.
        await UntilAsync(http, node, read => Sensing.Concat(Hub).All(family => Sum(read, family) > 0));

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Every_cause_of_a_drop_is_counted_as_that_cause()
    {
        Assert.Equal(["age"], await CausesAsync(spool => Append(spool, TimeProvider.System.GetUtcNow() - TimeSpan.FromDays(3), 100), ("Node__Spool__MaxAge", "P1D")));
        Assert.Equal(["capacity"], await CausesAsync(spool =>
        {
            for (int i = 0; i < 40; i++)
            {
                Append(spool, TimeProvider.System.GetUtcNow(), 60_000);
            }
        }));
        Assert.Equal(["thinning"], await CausesAsync(spool =>
        {
            for (int i = 0; i < 400; i++)
            {
                Append(spool, TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(400 - i), 6_000);
            }
        }, ("Node__Spool__DropPolicy", "downsample"), ("Node__Spool__MaxAge", "PT0S")));
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi1")] }, Cancelled);
        Assert.Equal(["too_large"], await CausesAsync(spool => Append(spool, TimeProvider.System.GetUtcNow(), 262_120), At(hub)));
    }

    [Fact]
    public async Task A_damaged_spool_and_a_full_disk_are_counted()
    {
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(await MountAsync(folder.Path), "no file system may be mounted here");
        try
        {
            using (var spool = Open(folder))
            {
                var chance = new Random(1);
                for (int i = 0; i < 500; i++)
                {
                    Append(spool, TimeProvider.System.GetUtcNow(), new string(chance.GetItems<char>(Letters, 1_000))); // What packs badly, so that the file reaches beyond the damage.
                }
            }

            using (FileStream file = File.OpenWrite(folder.File("spool.db")))
            {
                file.Position = 200_000;
                file.Write(new byte[40_000]);
            }

            await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi1")] }, Cancelled);
            using var node = new NodeProcess(folder.Path, ["run"], [.. At(hub), ("Node__Sensors__climate__Interval", "100ms")]);
            using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
            await UntilAsync(http, node, read => Dropped(read).Contains("corruption"));
            await FillAsync(folder.File("filler"));
            await UntilAsync(http, node, read => Dropped(read).Contains("not_stored"));
        }
        finally
        {
            await RunAsync("umount", "-l", folder.Path);
        }
    }

    [Fact]
    public async Task No_counter_is_left_out_here()
    {
        using var folder = new TemporaryFolder();
        await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi1")] }, Cancelled);
        using var node = new NodeProcess(folder.Path, ["run"], At(hub));
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
        await UntilAsync(http, node, read => Sum(read, "sensornode_hub_messages_confirmed_total") > 0);

        PrometheusText read = PrometheusText.Parse(await http.GetStringAsync("/metrics", Cancelled));

        IEnumerable<string> known = [.. Hub, .. Sensing, "sensornode_spool_dropped_total"];
        Assert.DoesNotContain(read.Types, type => type.Value is "counter" or "histogram" && type.Key.StartsWith("sensornode_", StringComparison.Ordinal)
            && !known.Contains(type.Value == "histogram" ? type.Key + "_count" : type.Key));
        Assert.Equal((0, 0), (read["sensornode_hub_messages_retried_total"], read["sensornode_hub_offline_total"])); // Shown before they first move.
        Assert.Equal(("gauge", "gauge"), (read.Types["dotnet_thread_pool_thread_count"], read.Types["dotnet_thread_pool_queue_length"])); // The runtime has them as counters, and they go down.
        Assert.Equal(["age", "capacity", "corruption", "not_stored", "purge", "thinning", "too_large"], Reasons(read).Order(StringComparer.Ordinal));
    }

    private static async Task<string[]> CausesAsync(Action<Node.Host.Spool.Spool> fill, params (string, string)[] settings)
    {
        using var folder = new TemporaryFolder();
        using (Node.Host.Spool.Spool spool = Open(folder))
        {
            fill(spool);
        }

        using var node = new NodeProcess(folder.Path, ["run"], [("Node__Spool__CapacityBytes", "1048576"), ("Node__Sensors__climate__Interval", "100ms"), .. settings]);
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
        PrometheusText read = await UntilAsync(http, node, now => Dropped(now).Any() && Sum(now, "sensornode_readings_total") > 5);
        return [.. Dropped(read).Order(StringComparer.Ordinal)];
    }

    private static Node.Host.Spool.Spool Open(TemporaryFolder folder) => Node.Host.Spool.Spool.Open(
        new SpoolOptions { Path = folder.File(SpoolOptions.FileName), Limits = new SpoolLimits { CommitDelay = TimeSpan.Zero } }, "boot0", TimeProvider.System, NullLogger.Instance);

    private static void Append(Node.Host.Spool.Spool spool, DateTimeOffset at, int bytes) => Append(spool, at, new string('x', bytes));

    private static void Append(Node.Host.Spool.Spool spool, DateTimeOffset at, string text) =>
        spool.AppendAsync(new SpoolEntry("climate", at, true, 0, Encoding.UTF8.GetBytes($$"""{"text":"{{text}}"}""")), Cancelled).AsTask().GetAwaiter().GetResult();

    private static (string, string)[] At(LocalHub hub) =>
    [
        ("Node__Hub__ConnectionString", hub.DeviceConnectionString("pi1")), ("Node__Hub__Port", $"{hub.MqttPort}"), ("Node__Hub__HttpsPort", $"{hub.HttpsPort}"),
        ("Node__Hub__TrustedRootsFile", hub.CaFile),
    ];

    private static async Task<PrometheusText> UntilAsync(HttpClient http, NodeProcess node, Func<PrometheusText, bool> condition)
    {
        PrometheusText? read = null;
        try
        {
            await node.UntilAsync(() =>
            {
                using HttpResponseMessage answer = http.Send(new HttpRequestMessage(HttpMethod.Get, "/metrics"), Cancelled);
                read = PrometheusText.Parse(new StreamReader(answer.Content.ReadAsStream(Cancelled)).ReadToEnd());
                return condition(read);
            }, Cancelled);
        }
        catch (Xunit.Sdk.FailException failure)
        {
            string zero = string.Join(", ", Sensing.Concat(Hub).Where(family => Sum(read!, family) == 0));
            Assert.Fail($"still 0: {zero}; dropped by {string.Join(", ", Dropped(read!))}\n{failure.Message}");
        }

        return read!;
    }

    private static double Sum(PrometheusText read, string family) =>
        read.Samples.Where(sample => sample.Key == family || sample.Key.StartsWith(family + "{", StringComparison.Ordinal)).Sum(sample => sample.Value);

    private static IEnumerable<string> Dropped(PrometheusText read) => Reasons(read).Where(reason => read[$"sensornode_spool_dropped_total{{reason=\"{reason}\"}}"] > 0);

    private static IEnumerable<string> Reasons(PrometheusText read) => read.Samples.Keys
        .Where(key => key.StartsWith("sensornode_spool_dropped_total{", StringComparison.Ordinal)).Select(key => key.Split('"')[1]);

    private static Task<bool> MountAsync(string path) => RunAsync("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", path);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(Cancelled);
        return process.ExitCode == 0;
    }

    private static async Task FillAsync(string file)
    {
        try
        {
            await File.WriteAllBytesAsync(file, new byte[16 << 20], Cancelled);
        }
        catch (IOException)
        {
            return; // As much as there was room for.
        }
    }
}
