using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Neighbours;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;

namespace Node.Host.Tests.Neighbours;

public sealed class SensorBlockTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_sensor_that_can_be_read_is_a_measurement_and_a_second_one_of_a_chip_has_its_name_too()
    {
        using var node = new TestNode(null, "climate", "cellar", "attic");
        var block = new SensorBlock(node.Sensors);
        block.Follow();
        Assert.Equal("[]", Encoding.UTF8.GetString(block.Json()));

        node.Chips["attic"].Failure = new SensorException(SensorFault.NoAcknowledge, "nothing answers");
        await node.SampleAsync(Cancelled);

        Assert.Equal(
            """[{"measurement":"bme280","fields":{"temperature":21.5,"pressure":1006.5}},{"measurement":"bme280_cellar","fields":{"temperature":21.5,"pressure":1006.5}}]""",
            Encoding.UTF8.GetString(block.Json()));
    }

    [Fact]
    public async Task The_program_publishes_to_the_broker_and_answers_on_the_blocks_port_and_shows_no_password()
    {
        using var folder = new TemporaryFolder();
        int brokerPort = LocalBroker.FreePort();
        await using LocalBroker broker = await LocalBroker.StartAsync(brokerPort);
        int blockPort = LocalBroker.FreePort();
        using var node = new NodeProcess(folder.Path, ["run"],
            ("Node__Neighbours__MqttHost", "127.0.0.1"), ("Node__Neighbours__MqttPort", $"{brokerPort}"), ("Node__Neighbours__Interval", "1s"), ("Node__Neighbours__HttpPort", $"{blockPort}"),
            ("Node__Neighbours__MqttUserName", "node"), ("Node__Neighbours__MqttPassword", "correct-horse"), ("Node__Sensors__climate__Interval", "100ms"));
        string url = (await node.ListeningAsync(Cancelled)).HttpUrl;
        using var http = new HttpClient();

        await node.UntilAsync(() => broker.Messages.Any(message => message.Text.Length > 2), Cancelled);

        (string topic, string text) = broker.Messages.Last();
        Assert.Equal("sensors", topic);
        Same(text);
        Same(await http.GetStringAsync($"http://127.0.0.1:{blockPort}/", Cancelled));
        using HttpResponseMessage page = await http.PostAsync($"http://127.0.0.1:{blockPort}/api/scan", null, Cancelled);
        Assert.Equal(System.Net.HttpStatusCode.MethodNotAllowed, page.StatusCode);
        Assert.DoesNotContain("correct-horse", node.Output + await http.GetStringAsync($"{url}/api/config", Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain($":{blockPort}", url, StringComparison.Ordinal);
        node.Terminate();
        Assert.Equal(0, await node.EndAsync(Cancelled));
    }

    private static void Same(string text)
    {
        JsonNode block = Assert.Single(JsonNode.Parse(text)!.AsArray())!;
        Assert.Equal("bme280", (string)block["measurement"]!);
        Assert.InRange((double)block["fields"]!["pressure"]!, 300, 1100); // hPa, as the block has it.
        Assert.InRange((double)block["fields"]!["temperature"]!, -40, 85);
    }
}
