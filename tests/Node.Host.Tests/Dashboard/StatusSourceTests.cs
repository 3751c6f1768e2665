using System.Text.Json.Nodes;
using Node.Host.Composition;
using Node.Host.Dashboard;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Dashboard;

public sealed class StatusSourceTests
{
    [Fact]
    public async Task The_status_has_the_promised_shape()
    {
        using var node = new TestNode();
        node.Time.Advance(TimeSpan.FromSeconds(3));
        await node.SampleAsync(TestContext.Current.CancellationToken);
        node.Connect("""{"climate":{"interval":"2s"},"$version":4}""");
        node.StoreReported();
        node.Client.Call("led*setState", "true");
        node.Time.Advance(TimeSpan.FromSeconds(1.5));
        node.Client.EndTelemetry(SendConfirmation.Ok);
        node.Loop.Turn();
        await node.Spool.FlushAsync(TestContext.Current.CancellationToken);

        JsonNode status = JsonNode.Parse(Source(node).Json())!;

        Same("""{"deviceId":"pi1","bootId":"boot1","version":"0.1.0","uptimeSeconds":4.5}""", status["node"]);
        Same("""{"status":"authenticated","reason":"Ok","detail":"Connected.","since":"2026-03-01T12:00:03+00:00"}""", status["hub"]);
        Same("""
            {"readings":1,"durable":1,"lastDurableSequence":1,"sent":1,"confirmed":1,"pending":0,"dropped":0,
             "oldestPendingSeconds":null,"firstConfirmedSeconds":4.5}
            """, status["telemetry"]);
        Same("""{"desiredVersion":4,"acknowledgedVersion":4}""", status["twin"]);
        Same("""{"answered":1}""", status["methods"]);
        Same("3", status["connectSeconds"]);
        Same("""
            [{"name":"climate","chip":"BME280","interval":"PT2S","cron":null,"enabled":true,"state":"ok","fault":null,"at":"2026-03-01T12:00:03+00:00",
              "quality":"good","values":{"temperature":21.5,"pressure":100.65},"raw":{"temperature":21.5,"pressure":100.65},"qualities":{},
              "filteredOut":0,"restarts":0,"units":{"temperature":"degreeCelsius","pressure":"kilopascal"}}]
            """, status["sensors"]);
        Same("""
            [{"name":"led","kind":"DigitalOutput","state":"on","level":1,"failSafe":0,"cause":"command of hub","lastCommandBy":"hub","lastCommandSeconds":1.5,
              "onSeconds":1.5,"leaseSeconds":null,"fault":null,"disarmed":null}]
            """, status["actuators"]);
    }

    [Fact]
    public async Task What_waits_is_shown_with_its_age()
    {
        using var node = new TestNode();
        await node.SampleAsync(TestContext.Current.CancellationToken);
        node.Time.Advance(TimeSpan.FromMinutes(1));

        StatusReport report = Source(node).Report();

        Assert.Equal((1, 60.0), (report.Telemetry.Pending, report.Telemetry.OldestPendingSeconds));
        Assert.Equal(("unauthenticated", (double?)null), (report.Hub.Status, report.ConnectSeconds));
    }

    private static StatusSource Source(TestNode node) => new(
        new NodeIdentity("boot1", "0.1.0"), node.Options, node.Clock, node.Link, node.Spool, node.Readings, node.Twin, node.Methods,
        node.Sensors, node.Actuators, node.Upload, node.Automation, node.Loop);

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}
