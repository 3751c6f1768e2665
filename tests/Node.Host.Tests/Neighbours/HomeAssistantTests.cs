using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Configuration;
using Node.Host.Neighbours;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Tests.Neighbours;

/// <summary>The node as Home Assistant's MQTT discovery sees it, heard by MQTTnet's client.</summary>
public sealed class HomeAssistantTests
{
    private const string Mosquitto = "/usr/sbin/mosquitto";

    private static readonly Quantity[] Measured = [new("temperature", "degreeCelsius", -40, 85), new("pressure", "kilopascal", 30, 110)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_quantity_announces_itself_for_who_comes_later_and_its_state_follows()
    {
        using TestNode node = Make();
        await node.SampleAsync(Cancelled);
        int port = LocalBroker.FreePort();
        await using LocalBroker broker = await LocalBroker.StartAsync(port);
        using BrokerPublisher publisher = Publisher(node, port);
        await publisher.PublishAsync(Cancelled);
        await using Listener late = await Listener.StartAsync(port, Cancelled);
        await UntilAsync(() => late.Heard.Count >= 4);
        await publisher.PublishAsync(Cancelled);
        await UntilAsync(() => late.Heard.ContainsKey("sensornode/pi_1/climate"));

        (string announced, bool retained) = late.Heard["homeassistant/sensor/pi_1/climate_temperature/config"];
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"name":"climate temperature","unique_id":"pi_1_climate_temperature","state_topic":"sensornode/pi_1/climate","value_template":"{{ value_json.temperature }}",
             "state_class":"measurement","device_class":"temperature","unit_of_measurement":"°C","suggested_display_precision":2,
             "availability":[{"topic":"sensornode/pi_1/status"},{"topic":"sensornode/pi_1/climate/status"}],"availability_mode":"all",
             "device":{"identifiers":["sensornode_pi_1"],"name":"pi.1","model":"SensorNode","sw_version":"0.1.0"},"origin":{"name":"sensornode","sw_version":"0.1.0"}}
            """), JsonNode.Parse(announced)), announced);
        Assert.Equal("kPa", (string)JsonNode.Parse(late.Heard["homeassistant/sensor/pi_1/climate_pressure/config"].Text)!["unit_of_measurement"]!);
        Assert.Equal(("online", "online", true), (late.Heard["sensornode/pi_1/status"].Text, late.Heard["sensornode/pi_1/climate/status"].Text, retained));
        Assert.Equal("""{"temperature":21.5,"pressure":100.65}""", late.Heard["sensornode/pi_1/climate"].Text);
    }

    [Fact]
    public async Task A_chip_that_cannot_be_read_is_offline_until_it_answers_and_the_node_when_its_connection_is_gone()
    {
        using TestNode node = Make();
        await node.SampleAsync(Cancelled);
        int port = LocalBroker.FreePort();
        await using LocalBroker broker = await LocalBroker.StartAsync(port);
        using BrokerPublisher publisher = Publisher(node, port);
        await using Listener listener = await Listener.StartAsync(port, Cancelled);
        await publisher.PublishAsync(Cancelled);
        await UntilAsync(() => listener.Heard.ContainsKey("sensornode/pi_1/climate"));

        node.Chips["climate"].Failure = new SensorException(SensorFault.NoAcknowledge, "nothing answers");
        await node.SampleAsync(Cancelled);
        await publisher.PublishAsync(Cancelled);
        await UntilAsync(() => listener.Heard["sensornode/pi_1/climate/status"].Text == "offline");
        string nodeThen = listener.Heard["sensornode/pi_1/status"].Text;
        publisher.Dispose(); // No farewell.
        await UntilAsync(() => listener.Heard["sensornode/pi_1/status"].Text == "offline");

        Assert.Equal("online", nodeThen);
    }

    [Fact]
    public async Task The_program_is_discovered_at_mosquitto_and_offline_after_a_stop_and_after_a_kill()
    {
        Assert.SkipUnless(File.Exists(Mosquitto), "mosquitto is not installed");
        using var folder = new TemporaryFolder();
        int port = LocalBroker.FreePort();
        File.WriteAllText(folder.File("broker.conf"), $"listener {port} 127.0.0.1\nallow_anonymous true\n");
        using Process broker = Process.Start(new ProcessStartInfo(Mosquitto, ["-c", folder.File("broker.conf")]) { RedirectStandardError = true })!;
        try
        {
            await using Listener listener = await ConnectAsync(port);
            foreach (bool isKilled in (bool[])[false, true])
            {
                using var node = new NodeProcess(folder.Path, ["run"],
                    ("Node__Neighbours__MqttHost", "127.0.0.1"), ("Node__Neighbours__MqttPort", $"{port}"), ("Node__Neighbours__DiscoveryPrefix", "ha"), ("Node__Neighbours__Interval", "1s"),
                    ("Node__Hub__Dps__RegistrationId", "attic-7"), ("Node__Hub__Dps__IdScope", "0ne1"), ("Node__Hub__Dps__SymmetricKey", "c2VjcmV0"), ("Node__Hub__Dps__HostName", "127.0.0.1"),
                    ("Node__Hub__Dps__Port", $"{LocalBroker.FreePort()}"), ("Node__Sensors__climate__Interval", "100ms"));
                await node.ListeningAsync(Cancelled);
                await node.UntilAsync(() => Text(listener, "sensornode/attic-7/status") == "online" && Text(listener, "sensornode/attic-7/climate").Contains("humidity", StringComparison.Ordinal), Cancelled);
                Assert.Equal(["ha/sensor/attic-7/climate_humidity/config", "ha/sensor/attic-7/climate_pressure/config", "ha/sensor/attic-7/climate_temperature/config"],
                    listener.Heard.Keys.Where(topic => topic.StartsWith("ha/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
                if (isKilled)
                {
                    Process.Start("kill", ["-KILL", $"{node.Id}"]).WaitForExit();
                }
                else
                {
                    node.Terminate();
                }

                await node.EndAsync(Cancelled);
                await UntilAsync(() => Text(listener, "sensornode/attic-7/status") == "offline");
                listener.Heard.Clear();
            }
        }
        finally
        {
            broker.Kill();
        }
    }

    private static TestNode Make() => new(null, ["climate"], options => options with { Measured = Measured });

    private static BrokerPublisher Publisher(TestNode node, int port)
    {
        var block = new SensorBlock(node.Sensors);
        block.Follow();
        node.SampleAsync(Cancelled).GetAwaiter().GetResult();
        var options = new NeighbourOptions { MqttHost = "127.0.0.1", MqttPort = port, DiscoveryPrefix = "homeassistant" };
        return new BrokerPublisher(options, block, "node-1", new FakeTimeProvider(), NullLogger.Instance, new HomeAssistant("homeassistant", "pi.1", "0.1.0", node.Sensors, block));
    }

    private static string Text(Listener listener, string topic) => listener.Heard.TryGetValue(topic, out (string Text, bool) heard) ? heard.Text : "";

    private static async Task<Listener> ConnectAsync(int port)
    {
        Listener? listener = null;
        await UntilAsync(() =>
        {
            try
            {
                listener = Listener.StartAsync(port, Cancelled).GetAwaiter().GetResult();
                return true;
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException)
            {
                return false; // It does not listen yet.
            }
        });
        return listener!;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
