using MQTTnet;
using MQTTnet.Protocol;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Peers;

/// <summary>MQTTnet's usual client, with a window of publishes under way.</summary>
internal sealed class MqttNetHighPeer(Endpoint endpoint, string deviceId, int bufferBytes) : IPeer
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly MqttApplicationMessage _message = new MqttApplicationMessageBuilder()
        .WithTopic(Traffic.Topic).WithPayload(Traffic.Payload).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    public void Connect() => _client.ConnectAsync(MqttNetLowPeer.Options(endpoint, deviceId, bufferBytes)).GetAwaiter().GetResult();

    public void Send(int messages, int window) => SendAsync(messages, window).GetAwaiter().GetResult();

    public void SendOneByOne(long[] ticks) => SendOneByOneAsync(ticks).GetAwaiter().GetResult();

    public void Receive(int messages)
    {
        using var all = new ManualResetEventSlim();
        int received = 0;
        _client.ApplicationMessageReceivedAsync += message =>
        {
            if (++received == messages)
            {
                all.Set(); // The client acknowledges the last one when this handler has returned, hence a packet late.
            }

            return Task.CompletedTask;
        };
        _client.SubscribeAsync($"devices/{deviceId}/messages/devicebound/#", MqttQualityOfServiceLevel.AtLeastOnce).GetAwaiter().GetResult();
        all.Wait();
    }

    public void Dispose() => _client.Dispose();

    private async Task SendAsync(int messages, int window)
    {
        using var free = new SemaphoreSlim(window);
        for (int sent = 0; sent < messages; sent++)
        {
            await free.WaitAsync();
            _ = PublishAsync(free);
        }

        for (int slot = 0; slot < window; slot++)
        {
            await free.WaitAsync();
        }
    }

    private async Task PublishAsync(SemaphoreSlim free)
    {
        await _client.PublishAsync(_message);
        free.Release();
    }

    private async Task SendOneByOneAsync(long[] ticks)
    {
        for (int message = 0; message < ticks.Length; message++)
        {
            long start = TimeProvider.System.GetTimestamp();
            await _client.PublishAsync(_message);
            ticks[message] = TimeProvider.System.GetTimestamp() - start;
        }
    }
}
