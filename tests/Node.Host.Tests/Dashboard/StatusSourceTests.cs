using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Actuation;
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

    [Fact]
    public void The_place_in_the_fleet_and_the_update_lock_are_shown()
    {
        using var node = new TestNode();
        using var folder = new TemporaryFolder();
        bool works = false;
        using var updates = new UpdateLock(folder.File("updates.lock"), () => works, node.Time, NullLogger.Instance);
        var variables = new Dictionary<string, string>
        {
            ["BALENA_APP_NAME"] = "greenhouse",
            ["RESIN_APP_RELEASE"] = "3f9c2d17aa0c",
            ["BALENA_DEVICE_UUID"] = "2ed5a1e8b6f74d0b",
            ["BALENA_DEVICE_TYPE"] = "raspberrypi4-64",
        };
        StatusSource source = Source(node, FleetIdentity.Read(variables.GetValueOrDefault), updates);
        Same("""
            {"name":"greenhouse","release":"3f9c2d17aa0c","deviceUuid":"2ed5a1e8b6f74d0b","deviceName":null,"deviceType":"raspberrypi4-64","hostOs":null}
            """, JsonNode.Parse(source.Json())!["fleet"]);
        Assert.Equal(new UpdateLockPart("free", null), source.Report().UpdateLock);

        works = true;
        updates.Look();
        node.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(new UpdateLockPart("held", 3), source.Report().UpdateLock);

        node.Time.Advance(UpdateLock.Longest);
        Assert.Equal(new UpdateLockPart("expired", null), source.Report().UpdateLock);
    }

    [Fact]
    public void An_update_lock_that_another_holds_is_shown_as_refused_for_as_long_as_it_is_wanted()
    {
        using var node = new TestNode();
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("updates.lock"), "another's");
        bool works = true;
        using var updates = new UpdateLock(folder.File("updates.lock"), () => works, node.Time, NullLogger.Instance);
        updates.Look();

        Assert.Equal("refused", Source(node, null, updates).Report().UpdateLock.State);
        works = false;
        updates.Look();

        Assert.Equal("free", Source(node, null, updates).Report().UpdateLock.State);
    }

    [Fact]
    public void A_machine_outside_a_fleet_has_neither()
    {
        using var node = new TestNode();

        StatusReport report = Source(node).Report();

        Assert.Null(report.Fleet);
        Assert.Equal(new UpdateLockPart("none", null), report.UpdateLock);
    }

    private static StatusSource Source(TestNode node, FleetIdentity? fleet = null, UpdateLock? updates = null) => new(
        new NodeIdentity("boot1", "0.1.0"), node.Options, node.Clock, node.Link, node.Spool, node.Readings, node.Twin, node.Methods,
        node.Sensors, node.Actuators, node.Upload, node.Automation, fleet ?? FleetIdentity.Read(_ => null), updates ?? new UpdateLock(null, () => false, node.Time, NullLogger.Instance), node.Loop);

    private static void Same(string expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {expected}, got {actual?.ToJsonString()}");
}
