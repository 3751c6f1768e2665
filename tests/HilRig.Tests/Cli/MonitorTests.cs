using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Cli;
using HilRig.Tests.Proofs;
using Microsoft.Extensions.Time.Testing;

namespace HilRig.Tests.Cli;

/// <summary>What <c>hilrig hub monitor</c> prints.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class MonitorTests : IDisposable
{
    private readonly TemporaryFolder _state = new("hilrig-test-");

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("{\"t\":1}", null, "12:00:01.500  pi-01  {\"t\":1}")]
    [InlineData("a\nb\u001b[2J", null, "12:00:01.500  pi-01  a b·[2J")]
    [InlineData("", "m", "12:00:01.500  pi-01/m  ")]
    public void A_message_is_a_line_that_cannot_drive_the_terminal(string body, string? module, string expected)
    {
        Assert.Equal(expected, Written(asJson: false, isTelemetry: true, Message(System.Text.Encoding.UTF8.GetBytes(body), module)));
    }

    [Fact]
    public void A_body_that_is_no_text_is_shown_as_base64()
    {
        Assert.Equal("12:00:01.500  pi-01  base64 /wA=", Written(asJson: false, isTelemetry: true, Message([0xFF, 0], null)));
        Assert.Equal("/wA=", (string?)JsonNode.Parse(Written(asJson: true, isTelemetry: true, Message([0xFF, 0], null)))!["bodyBase64"]);
    }

    [Fact]
    public void For_scripts_each_line_is_a_document_with_its_type_and_a_body_that_is_json_where_it_can()
    {
        JsonNode message = JsonNode.Parse(Written(asJson: true, isTelemetry: true, Message("""{"t":[1]}"""u8.ToArray(), null)))!;
        JsonNode left = JsonNode.Parse(Written(asJson: true, isTelemetry: false, Left()))!;

        Assert.Equal(("telemetry", 1), ((string?)message["type"], (int)message["body"]!["t"]![0]!));
        Assert.Equal(("event", "disconnected"), ((string?)left["type"], (string?)left["kind"]));
    }

    [Fact]
    public void A_connection_that_ended_says_why_and_other_devices_are_left_out()
    {
        Assert.Equal($"12:00:01.500  pi-01  (disconnected: silent)", Written(asJson: false, isTelemetry: false, Left()));
        Assert.Equal("", Written(asJson: false, isTelemetry: false, Left(), onlyDevice: "pi-0"));
        Assert.Equal("", Written(asJson: false, isTelemetry: true, Message([], "m"), onlyDevice: "m"));
        Assert.NotEqual("", Written(asJson: false, isTelemetry: true, Message([], "m"), onlyDevice: "pi-01"));
    }

    [Fact]
    public void Messages_and_connections_are_told_in_the_order_of_their_times()
    {
        JsonArray messages = [new JsonObject { ["enqueuedTime"] = "2026-01-01T12:00:02.0000000Z", ["body"] = "1" }, new JsonObject { ["enqueuedTime"] = "2026-01-01T12:00:04.0000000Z", ["body"] = "2" }];
        JsonArray events = [new JsonObject { ["time"] = "2026-01-01T12:00:02.0000000Z", ["kind"] = "connected" }, new JsonObject { ["time"] = "2026-01-01T12:00:03.0000000Z", ["kind"] = "disconnected" }];

        IEnumerable<string> told = HubMonitor.InOrder(messages, events).Select(one => $"{one.IsTelemetry} {one.Item["kind"]}{one.Item["body"]}");

        Assert.Equal(["False connected", "True 1", "False disconnected", "True 2"], told);
    }

    [Fact]
    public async Task A_running_hub_is_followed_over_a_restart_until_an_interrupt()
    {
        string data = Path.Combine(_state.Path, "hub");
        string[] hubArguments = ["hub", "--data", data, "--mqtt-port", "0", "--https-port", "0", "--page-port", "0", "--device", "a"];
        await using RigProcess hub = RigProcess.Start(_state, hubArguments);
        await hub.HearAsync("hub ready");
        JsonNode file = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(data, "hub.json"), TestContext.Current.CancellationToken))!;
        string[] again = ["hub", "--data", data, "--mqtt-port", $"{file["mqttPort"]}", "--https-port", $"{file["httpsPort"]}"];
        await using RigProcess monitor = RigProcess.Start(_state, "hub", "monitor", "--data", data);
        await monitor.HearAsync("listening to");

        await hub.InterruptAsync();
        await hub.ExitAsync(TimeSpan.FromSeconds(30));
        await monitor.HearAsync("the hub does not answer");
        await using RigProcess second = RigProcess.Start(_state, again);
        await monitor.HearAsync("the hub answers again");
        await monitor.InterruptAsync();

        Assert.Equal(0, await monitor.ExitAsync(TimeSpan.FromSeconds(30)));
    }

    private static string Written(bool asJson, bool isTelemetry, JsonObject item, string? onlyDevice = null)
    {
        var clock = new FakeTimeProvider();
        clock.SetLocalTimeZone(TimeZoneInfo.Utc);
        var output = new StringWriter { NewLine = "" };
        new MonitorText(output, asJson, onlyDevice, clock).Write(isTelemetry, item);
        return output.ToString();
    }

    private static JsonObject Message(byte[] body, string? module) => new()
    {
        ["sequenceNumber"] = 1,
        ["deviceId"] = "pi-01",
        ["moduleId"] = module,
        ["enqueuedTime"] = "2026-01-01T12:00:01.5000000Z",
        ["applicationProperties"] = new JsonObject(),
        ["body"] = Convert.ToBase64String(body),
    };

    private static JsonObject Left() => new()
    {
        ["sequenceNumber"] = 2,
        ["time"] = "2026-01-01T12:00:01.5Z",
        ["kind"] = "disconnected",
        ["deviceId"] = "pi-01",
        ["detail"] = "silent",
    };
}
