using Node.Benchmarks.Brokers;
using Node.HubClient;

namespace Node.Benchmarks.Peers;

/// <summary>The project's own client, <c>DoWork</c> in a tight loop or at a cadence.</summary>
internal sealed class OwnPeer(Func<IotHubClientLL> create, TimeSpan cadence = default) : IPeer
{
    private const int LargestWindow = 10_000; // The client's own bound is out of the way; the measurements keep theirs.
    private readonly TelemetryMessage _message = Traffic.NewMessage(Traffic.Payload);
    private readonly Random _phase = new(1); // When in a period a message comes up.
    private IotHubClientLL? _client;
    private int _outstanding;
    private int _received;
    private bool _connected;

    /// <summary>The client, once connecting has begun.</summary>
    public IotHubClientLL Client => _client!;

    /// <summary>How often DoWork was called while messages were sent or received.</summary>
    public long Turns { get; private set; }

    /// <summary>A peer for a broker.</summary>
    public static OwnPeer To(Endpoint endpoint, string deviceId = Traffic.DeviceId, TimeSpan cadence = default, int inFlightWindow = LargestWindow) =>
        new(() => IotHubClientLL.CreateFromConnectionString(Traffic.Identity(deviceId), Options(endpoint, inFlightWindow)), cadence);

    public void Connect()
    {
        _client = create();
        _client.SetConnectionStatusCallback((change, _) => _connected = change.Status is ConnectionStatus.Authenticated);
        while (!_connected)
        {
            _client.DoWork();
        }
    }

    public void Send(int messages, int window)
    {
        int sent = 0;
        while (sent < messages || _outstanding > 0)
        {
            int room = Math.Min(messages - sent, window - _outstanding);
            Queue(room);
            sent += room;
            Turn();
        }
    }

    public void SendOneByOne(long[] ticks)
    {
        for (int message = 0; message < ticks.Length; message++)
        {
            double phase = _phase.NextDouble();
            Pause.For(phase * cadence);
            long start = TimeProvider.System.GetTimestamp();
            Queue(1);
            Pause.For((1 - phase) * cadence);
            Client.DoWork();
            while (_outstanding > 0)
            {
                Pause.For(cadence);
                Client.DoWork();
            }

            ticks[message] = TimeProvider.System.GetTimestamp() - start;
        }
    }

    public void Receive(int messages)
    {
        Client.SetMessageCallback(Accept, this);
        while (_received < messages)
        {
            Turn();
        }
    }

    /// <summary>Queues without working.</summary>
    public void Queue(int messages)
    {
        for (int sent = 0; sent < messages; sent++)
        {
            Queue(_message);
        }
    }

    /// <summary>Queues without working.</summary>
    public void Queue(TelemetryMessage message)
    {
        _outstanding++;
        IotHubClientResult result = Client.SendEvent(message, Confirm, this);
        if (result is not IotHubClientResult.Ok)
        {
            throw new InvalidOperationException($"SendEvent answered {result}.");
        }
    }

    /// <summary>Works until nothing is outstanding.</summary>
    public void Drain()
    {
        while (_outstanding > 0)
        {
            Turn();
        }
    }

    public void Dispose() => _client?.Dispose();

    /// <summary>The options of every measured client: nothing of the client's own bounds comes before a measurement's.</summary>
    public static HubClientOptions Options(Endpoint endpoint, int inFlightWindow = LargestWindow) => new()
    {
        Port = endpoint.Port,
        TrustedRootsPem = endpoint.RootPem,
        InFlightWindow = inFlightWindow,
        MaxQueuedMessages = 1_000_000,
        MaxQueuedBytes = 1L << 30,
    };

    private static void Confirm(SendConfirmation result, object? context) => ((OwnPeer)context!)._outstanding--;

    private static MessageDisposition Accept(C2dMessage message, object? context)
    {
        ((OwnPeer)context!)._received++;
        return MessageDisposition.Accepted;
    }

    private void Turn()
    {
        Turns++;
        Client.DoWork();
        Pause.For(cadence);
    }
}
