using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MQTTnet;

namespace Node.Host.Tests.Neighbours;

/// <summary>MQTTnet's own client, which hears everything that a broker on loopback has to say.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private readonly IMqttClient _client;

    private Listener(IMqttClient client) => _client = client;

    /// <summary>The last text of each topic, and whether it was kept for who comes later.</summary>
    public ConcurrentDictionary<string, (string Text, bool Retained)> Heard { get; } = [];

    public static async Task<Listener> StartAsync(int port, CancellationToken cancellationToken)
    {
        var factory = new MqttClientFactory();
        var listener = new Listener(factory.CreateMqttClient());
        listener._client.ApplicationMessageReceivedAsync += arrived =>
        {
            MqttApplicationMessage message = arrived.ApplicationMessage;
            listener.Heard[message.Topic] = (Encoding.UTF8.GetString(message.Payload.ToArray()), message.Retain);
            return Task.CompletedTask;
        };
        await listener._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), cancellationToken);
        await listener._client.SubscribeAsync("#", cancellationToken: cancellationToken);
        return listener;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
