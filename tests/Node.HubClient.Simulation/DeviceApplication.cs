using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Simulation;

/// <summary>The program on the device: it uses the client as a node does, and sends again after a crash what was not confirmed.</summary>
internal sealed class DeviceApplication(VirtualClock clock, Network network, SimulatedHub hub, Invariants invariants, Timeline timeline, SimulationOptions options, MessageReader messages) : IDisposable
{
    private readonly SortedSet<long> _unconfirmed = [];
    private long _nextNumber = 1;
    private int _life;
    private bool _givesUp;
    private SimulatedTransport _transport = null!;

    /// <summary>The client under test.</summary>
    public IotHubClientLL Client { get; private set; } = null!;

    /// <summary>The device's view of the desired number; 0 before the first snapshot.</summary>
    public long Desired { get; private set; }

    /// <summary>The last number reported.</summary>
    public long Reported { get; private set; }

    /// <summary>Messages accepted.</summary>
    public long Accepted => _nextNumber - 1;

    /// <summary>Messages without a confirmation.</summary>
    public int Unconfirmed => _unconfirmed.Count;

    /// <summary>When the client asked to be called next.</summary>
    public TimeSpan? NextArrival => _transport.NextArrival;

    /// <summary>Starts, or starts again after a crash.</summary>
    /// <param name="seed">Of the client's jitter; one in four clients never gives a published message up.</param>
    public void Start(int seed)
    {
        bool givesUp = _givesUp = seed % 4 != 0;
        _life++;
        invariants.ClientStarted();
        _transport = new SimulatedTransport(clock, network, invariants);
        var settings = new SessionSettings
        {
            HostName = "hub.example",
            DeviceId = "dev",
            UserName = "user",
            KeepAliveSeconds = 60,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            InFlightWindow = options.Window,
            ConfirmationTimeout = givesUp ? TimeSpan.FromSeconds(120) : Timeout.InfiniteTimeSpan,
            MaxQueuedMessages = 10_000,
            MaxQueuedBytes = 1 << 24,
            Defect = options.Defect,
        };
        var credential = new KeyCredential("scope", options.TokenLifetime, data => data[..8]);
        var session = new HubSession(settings, _transport, credential, clock, new Random(seed), NullLogger.Instance);
        Client = new IotHubClientLL(session, _transport, new HubIdentity("hub.example", "dev"), new HubClientOptions { TimeProvider = clock });
        Client.SetConnectionStatusCallback((change, _) => invariants.Announced(change));
        Client.SetDeviceTwinCallback(TakeDesired);
        messages.Start(Client);
        Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
        foreach (long number in _unconfirmed)
        {
            invariants.StartsAnew(number);
            Queue(number, givesUp);
        }

        if (_life > 1)
        {
            Report(); // What was reported and not answered died with the process.
        }
    }

    /// <summary>The process dies: no Dispose, no goodbye; the peer learns of it or not.</summary>
    public void Crash(int seed)
    {
        timeline.Note("crash of the device");
        if (network.Current is { } connection)
        {
            connection.IsClosed = true;
        }

        Start(seed);
    }

    /// <summary>Queues the next message.</summary>
    public void Send()
    {
        long number = _nextNumber++;
        _unconfirmed.Add(number);
        Queue(number, _givesUp);
    }

    /// <summary>Reports the next number.</summary>
    public void Report()
    {
        long number = Reported + 1;
        if (Client.SendReportedState(Encoding.UTF8.GetBytes($$"""{"r":{{number}}}""")) is IotHubClientResult.Ok)
        {
            Reported = number;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Client.Dispose();
        _transport.Dispose();
    }

    private void Queue(long number, bool givesUp)
    {
        int life = _life;
        IotHubClientResult result = Client.SendEvent(
            new TelemetryMessage(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))),
            (confirmation, _) =>
            {
                if (life != _life)
                {
                    invariants.Break($"message {number} was confirmed by a client that had died");
                }

                if (confirmation is SendConfirmation.MessageTimeout && !givesUp)
                {
                    invariants.Break($"message {number} was given up by a client that never does");
                }

                invariants.Confirmed(number, confirmation, hub);
                _unconfirmed.Remove(number);
            });
        if (result is not IotHubClientResult.Ok)
        {
            invariants.Break($"message {number} was refused: {result}");
        }
    }

    private void TakeDesired(TwinUpdateState state, ReadOnlySpan<byte> json, object? context)
    {
        JsonNode document = JsonNode.Parse(json)!;
        JsonNode section = state is TwinUpdateState.Complete ? document["desired"]! : document;
        long version = section["$version"]!.GetValue<long>();
        if (state is TwinUpdateState.Partial && version != Desired + 1)
        {
            invariants.Break($"patch {version} was handed on after {Desired}");
        }

        Desired = version;
    }
}
