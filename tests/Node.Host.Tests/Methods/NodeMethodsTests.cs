using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Logging;
using Node.Host.Methods;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Methods;

public sealed class NodeMethodsTests
{
    [Fact]
    public void Ping_answers_with_time_version_and_what_was_sent()
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call("ping", """{"n":1}""");

        Assert.Equal("""{"time":"2026-03-01T12:00:00.000Z","version":"0.1.0","bootId":"boot1","echo":{"n":1}}""", Encoding.UTF8.GetString(response.Payload.Span));
    }

    [Fact]
    public async Task Flushing_the_spool_makes_readings_durable_and_calls_for_a_turn()
    {
        using var node = new TestNode();
        await node.SampleAsync(TestContext.Current.CancellationToken);

        MethodResponse response = await node.Client.CallAsync("flushSpool", "");

        Assert.Equal("""{"pending":1,"unsent":1,"lastDurableSequence":1}""", Encoding.UTF8.GetString(response.Payload.Span));
        Assert.Equal(1, node.Nudges);
    }

    [Fact]
    public void A_restart_is_answered_before_it_begins_and_begins_once()
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call("restart", "");
        node.Client.Call("restart", "");
        int atOnce = node.Stops;
        node.Time.Advance(NodeRestart.Delay);

        Assert.Equal((202, """{"restartInSeconds":2,"exitCode":75}"""), (response.Status, Encoding.UTF8.GetString(response.Payload.Span)));
        Assert.Equal((0, 1, true), (atOnce, node.Stops, node.Restart.IsWanted));
    }

    [Fact]
    public void Identify_blinks_for_a_while_and_leaves_the_light_safe()
    {
        using var node = new TestNode();
        int edges = 0;
        node.Board.Gpio.EdgeOccurred += (_, _) => edges++;

        MethodResponse response = node.Client.Call("identify", "\"PT3S\"");
        MethodResponse second = node.Client.Call("identify", "");
        for (int beat = 0; beat < 8; beat++)
        {
            node.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal((202, 409), (response.Status, second.Status));
        Assert.Equal((6, false), (edges, node.Actuators.Channels[0].IsOn));
        Assert.Equal(400, node.Client.Call("identify", "\"PT1H\"").Status);
    }

    [Fact]
    public void The_log_level_can_be_changed_and_given_back()
    {
        using var node = new TestNode();

        MethodResponse debug = node.Client.Call("setLogLevel", "\"debug\"");
        LogLevel? set = node.LogLevel.Level;
        node.Client.Call("setLogLevel", """{"level":"configured"}""");

        Assert.Equal((200, LogLevel.Debug, (LogLevel?)null), (debug.Status, set, node.LogLevel.Level));
        Assert.Equal(400, node.Client.Call("setLogLevel", "\"loud\"").Status);
    }

    [Fact]
    public void The_switch_reaches_loggers_that_exist_already()
    {
        using var ring = new LogRing(TimeProvider.System);
        using var level = new LogLevelSwitch();
        using ServiceProvider provider = new ServiceCollection().AddLogging().AddLogMemory(ring, level, TimeProvider.System).BuildServiceProvider();
        ILogger logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Node.Hub");

        Say(logger, LogLevel.Debug, "before");
        level.Set(LogLevel.Debug);
        Say(logger, LogLevel.Debug, "while");
        level.Set(null);
        Say(logger, LogLevel.Debug, "after");

        Assert.Equal(["while"], ring.Entries.Select(entry => entry.Text));
    }

    [Fact]
    public async Task Log_lines_are_answered_by_tail_time_level_and_pattern_oldest_first()
    {
        using var node = new TestNode();
        ILogger logger = node.Logs.CreateLogger("Node.Test");
        Say(logger, LogLevel.Information, "one");
        node.Time.Advance(TimeSpan.FromMinutes(10));
        Say(logger, LogLevel.Warning, "two");
        Say(logger, LogLevel.Information, "three");

        Assert.Equal(["one", "two", "three"], await LinesAsync(node, "null"));
        Assert.Equal(["two", "three"], await LinesAsync(node, """{"since":"5m"}"""));
        Assert.Equal(["one"], await LinesAsync(node, """{"until":"2026-03-01T12:05:00Z"}"""));
        Assert.Equal(["two"], await LinesAsync(node, """{"loglevel":"warning"}"""));
        Assert.Equal(["two"], await LinesAsync(node, """{"loglevel":4}"""));
        Assert.Equal(["one"], await LinesAsync(node, """{"regex":"^o"}"""));
        Assert.Equal(["three"], await LinesAsync(node, """{"tail":1,"regex":"^t"}"""));
    }

    [Theory]
    [InlineData("""{"tail":0}""", "tail")]
    [InlineData("""{"since":"yesterday"}""", "since")]
    [InlineData("""{"loglevel":"loud"}""", "loglevel")]
    [InlineData("""{"regex":"("}""", "regex")]
    [InlineData("""{"regex":"(a)\\1"}""", "regex")]
    [InlineData("""{"head":1}""", "'head' is not understood")]
    [InlineData("5", "expected is an object")]
    public async Task A_filter_that_is_none_is_refused_with_the_reason(string payload, string reason)
    {
        using var node = new TestNode();

        MethodResponse response = await node.Client.CallAsync("getLogs", payload);

        Assert.Equal(400, response.Status);
        Assert.Contains(reason, (string)JsonNode.Parse(response.Payload.Span)!["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_that_repeat_are_folded_as_on_the_console_and_push_nothing_out()
    {
        using var node = new TestNode();
        using var folded = new FoldedRing(node.Logs, node.Time);
        ILogger logger = folded.CreateLogger("Node.Test");
        Say(logger, LogLevel.Information, "before");
        for (int second = 0; second < 3_000; second++)
        {
            Say(logger, LogLevel.Error, "No answer at 0x76");
            node.Time.Advance(TimeSpan.FromSeconds(1));
        }

        string[] lines = await LinesAsync(node, """{"regex":"0x76|before"}""");

        Assert.Equal(["before", "No answer at 0x76", "×299 in 5 min: No answer at 0x76"], lines[..3]);
        Assert.InRange(lines.Length, 15, 25);
    }

    [Fact]
    public async Task However_much_was_logged_the_answer_fits_and_keeps_the_newest()
    {
        using var node = new TestNode();
        ILogger logger = node.Logs.CreateLogger("Node.Test");
        string text = new('ä', 3_000);
        for (int i = 0; i < 3_000; i++)
        {
            Say(logger, LogLevel.Information, $"{i} {text}");
        }

        MethodResponse response = await node.Client.CallAsync("getLogs", "null");

        JsonObject answer = JsonNode.Parse(response.Payload.Span)!.AsObject();
        Assert.InRange(response.Payload.Length, 64 * 1024, 128 * 1024);
        Assert.True((bool)answer["truncated"]!);
        Assert.Contains("] 2999 ", (string)answer["lines"]!.AsArray()[^1]!, StringComparison.Ordinal);
        Assert.Equal(LogRing.MostEntries, node.Logs.Entries.Count);
    }

    [Fact]
    public void The_bundle_is_uploaded_its_progress_reported_and_it_holds_no_secret()
    {
        using var node = new TestNode();
        node.Connect();
        node.StoreReported();

        MethodResponse response = node.Client.Call("uploadDiagnostics", "");
        MethodResponse second = node.Client.Call("uploadDiagnostics", "");
        node.Loop.Turn();

        (string name, byte[] data, _) = Assert.Single(node.Client.Uploads);
        Assert.Equal((202, 409, "diagnostics/20260301T120000Z.tar.gz"), (response.Status, second.Status, name));
        Assert.Equal(("running", name), ((string)node.Reported()["diagnosticsUpload"]!["state"]!, (string)node.Reported()["diagnosticsUpload"]!["blob"]!));
        Dictionary<string, string> files = Unpack(data);
        Assert.Equal(["status.json", "config.txt", "log.txt", "versions.txt"], files.Keys);
        Assert.Equal("Node:Hub:ConnectionString = (secret)\nNode:Sensors:climate:Interval = 5s\n", files["config.txt"]);
        Assert.DoesNotContain("c2VjcmV0", string.Concat(files.Values), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Unpack(byte[] data)
    {
        var files = new Dictionary<string, string>();
        using var tar = new TarReader(new GZipStream(new MemoryStream(data), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            using var reader = new StreamReader(entry.DataStream!);
            files[entry.Name] = reader.ReadToEnd();
        }

        return files;
    }

    private static async Task<string[]> LinesAsync(TestNode node, string payload)
    {
        MethodResponse response = await node.Client.CallAsync("getLogs", payload);
        return [.. JsonNode.Parse(response.Payload.Span)!["lines"]!.AsArray().Select(line => (string)line!)
            .Where(line => line.Contains("[Node.Test]", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 2)..])];
    }

    private static void Say(ILogger logger, LogLevel level, string text) => logger.Log(level, default, text, null, static (said, _) => said);
}
