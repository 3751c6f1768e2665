using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Formatter;
using Node.Host.Configuration;
using Node.Host.Logging;
using Node.Host.Neighbours;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Neighbours;

public sealed class BrokerPublisherTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_of_once_and_published_to_when_it_comes()
    {
        using var node = new TestNode();
        var block = new SensorBlock(node.Sensors);
        block.Follow();
        await node.SampleAsync(Cancelled);
        int port = LocalBroker.FreePort();
        var time = new FakeTimeProvider();
        var logs = new LogRing(time);
        using var publisher = new BrokerPublisher(
            new NeighbourOptions { MqttHost = "127.0.0.1", MqttPort = port, MqttTopic = "site/sensors", MqttUserName = "node", MqttPassword = "s3cret" }, block, "node-1", time, logs.CreateLogger("Test"));

        await publisher.PublishAsync(Cancelled);
        await publisher.PublishAsync(Cancelled);
        await using LocalBroker broker = await LocalBroker.StartAsync(port);
        await publisher.PublishAsync(Cancelled);
        await ArrivedAsync(broker);

        Assert.Equal(("site/sensors", """[{"measurement":"bme280","fields":{"temperature":21.5,"pressure":1006.5}}]"""), Assert.Single(broker.Messages));
        Assert.Equal(("node", "s3cret", MqttProtocolVersion.V311), (broker.UserName, broker.Password, broker.Version));
        Assert.Equal([LogLevel.Warning, LogLevel.Information], logs.Entries.Select(entry => entry.Level));
        Assert.DoesNotContain(logs.Entries, entry => entry.Text.Contains("s3cret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_broker_that_was_started_anew_gets_the_very_next_readings()
    {
        using var node = new TestNode();
        var block = new SensorBlock(node.Sensors);
        block.Follow();
        await node.SampleAsync(Cancelled);
        int port = LocalBroker.FreePort();
        var time = new FakeTimeProvider();
        using var publisher = new BrokerPublisher(new NeighbourOptions { MqttHost = "127.0.0.1", MqttPort = port }, block, "node-1", time, new LogRing(time).CreateLogger("Test"));
        await using (LocalBroker first = await LocalBroker.StartAsync(port))
        {
            await publisher.PublishAsync(Cancelled);
            await ArrivedAsync(first);
        }

        await using LocalBroker second = await LocalBroker.StartAsync(port);
        await publisher.PublishAsync(Cancelled);

        await ArrivedAsync(second);
        Assert.Single(second.Messages);
    }

    private static async Task ArrivedAsync(LocalBroker broker)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (broker.Messages.IsEmpty)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
    }
}
