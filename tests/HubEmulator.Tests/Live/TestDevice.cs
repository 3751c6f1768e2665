using System.Buffers;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;

namespace HubEmulator.Tests.Live;

/// <summary>A device on MQTTnet's client that keeps what arrives.</summary>
internal sealed class TestDevice : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<(string Topic, string Payload)> _arrived = Channel.CreateUnbounded<(string, string)>();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestDevice()
    {
        _client.ApplicationMessageReceivedAsync += message =>
        {
            _arrived.Writer.TryWrite((message.ApplicationMessage.Topic, Encoding.UTF8.GetString(message.ApplicationMessage.Payload.ToArray())));
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += _ =>
        {
            _lost.TrySetResult();
            return Task.CompletedTask;
        };
    }

    public MqttClientConnectResult Connected { get; private set; } = null!;

    public static async Task<TestDevice> ConnectAsync(MqttClientOptions options)
    {
        var device = new TestDevice();
        device.Connected = await device._client.ConnectAsync(options, TestContext.Current.CancellationToken);
        return device;
    }

    /// <summary>The return code of the CONNACK that refuses the options.</summary>
    public static async Task<MqttClientConnectResultCode> RefusalAsync(MqttClientOptions options)
    {
        await using var device = new TestDevice();
        MqttClientConnectResult result = await device._client.ConnectAsync(options, TestContext.Current.CancellationToken);
        return result.ResultCode;
    }

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string filter, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtMostOnce)
    {
        MqttClientSubscribeResult result = await _client.SubscribeAsync(filter, quality, TestContext.Current.CancellationToken);
        return result.Items.Single().ResultCode;
    }

    public Task UnsubscribeAsync(string filter) => _client.UnsubscribeAsync(filter, TestContext.Current.CancellationToken);

    public Task<MqttClientPublishResult> PublishAsync(
        string topic, string payload = "", MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce, bool retain = false) => _client.PublishAsync(
            new MqttApplicationMessage { Topic = topic, Payload = new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(payload)), QualityOfServiceLevel = quality, Retain = retain },
            TestContext.Current.CancellationToken);

    public async Task<(string Topic, string Payload)> NextAsync() =>
        await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TestHub.Deadline, TimeProvider.System, TestContext.Current.CancellationToken);

    public bool HasArrived => _arrived.Reader.TryPeek(out _);

    public Task WhenLost() => _lost.Task.WaitAsync(TestHub.Deadline, TimeProvider.System, TestContext.Current.CancellationToken);

    public Task DisconnectAsync() => _client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
