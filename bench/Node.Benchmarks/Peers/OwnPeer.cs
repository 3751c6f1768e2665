using Node.HubClient;

namespace Node.Benchmarks.Peers;

/// <summary>The project's own client, <c>DoWork</c> in a tight loop or at a cadence.</summary>
internal sealed class OwnPeer(int port, string rootPem, TimeSpan cadence = default) : IPeer
{
    private readonly TelemetryMessage _message = Message();
    private IotHubClientLL? _client;
    private int _outstanding;
    private bool _connected;

    public string Name => "IotHubClientLL";

    public IotHubClientLL Client => _client!;

    public void Connect()
    {
        _client = IotHubClientLL.CreateFromConnectionString(
            Traffic.Identity,
            new HubClientOptions { Port = port, TrustedRootsPem = rootPem, InFlightWindow = 10_000, MaxQueuedMessages = 1_000_000, MaxQueuedBytes = 1L << 30 });
        _client.SetConnectionStatusCallback((change, _) => _connected = change.Status is ConnectionStatus.Authenticated);
        while (!_connected)
        {
            _client.DoWork();
        }
    }

    public void Send(int messages, int window)
    {
        using var pause = new ManualResetEventSlim();
        int sent = 0;
        while (sent < messages || _outstanding > 0)
        {
            for (; sent < messages && _outstanding < window; sent++)
            {
                _outstanding++;
                _client!.SendEvent(_message, Confirm, this);
            }

            _client!.DoWork();
            if (cadence > TimeSpan.Zero)
            {
                pause.Wait(cadence);
            }
        }
    }

    /// <summary>Queues without working.</summary>
    public void Queue(int messages)
    {
        for (int sent = 0; sent < messages; sent++)
        {
            _outstanding++;
            _client!.SendEvent(_message, Confirm, this);
        }
    }

    /// <summary>Works until nothing is outstanding.</summary>
    public void Drain()
    {
        while (_outstanding > 0)
        {
            _client!.DoWork();
        }
    }

    public void Dispose() => _client?.Dispose();

    private static void Confirm(SendConfirmation result, object? context) => ((OwnPeer)context!)._outstanding--;

    private static TelemetryMessage Message()
    {
        var message = new TelemetryMessage(Traffic.Payload);
        message.Properties.Add(new("source", "bench"));
        message.Properties.Add(new("level", "info"));
        return message;
    }
}
