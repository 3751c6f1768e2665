using MQTTnet;
using MQTTnet.Protocol;

namespace Node.Benchmarks.Peers;

/// <summary>MQTTnet's usual client, with a window of publishes under way.</summary>
internal sealed class MqttNetHighPeer(int port, string rootPem) : IPeer
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public string Name => "MQTTnet high";

    public void Connect() => _client.ConnectAsync(MqttNetLowPeer.Options(port, rootPem)).GetAwaiter().GetResult();

    public void Send(int messages, int window) => SendAsync(messages, window).GetAwaiter().GetResult();

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(int messages, int window)
    {
        using var free = new SemaphoreSlim(window);
        MqttApplicationMessage message = new MqttApplicationMessageBuilder()
            .WithTopic(Traffic.Topic).WithPayload(Traffic.Payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        for (int sent = 0; sent < messages; sent++)
        {
            await free.WaitAsync();
            _ = PublishAsync(message, free);
        }

        for (int slot = 0; slot < window; slot++)
        {
            await free.WaitAsync();
        }
    }

    private async Task PublishAsync(MqttApplicationMessage message, SemaphoreSlim free)
    {
        await _client.PublishAsync(message);
        free.Release();
    }
}
