using System.Globalization;
using HilRig.BusServer;
using HilRig.Checks;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Bench;

/// <summary>A hub in this process and a node in a process of its own, with emulated chips: a whole test bench on one machine.</summary>
internal sealed class EmulatedBench : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);
    private readonly BenchOptions _options;
    private readonly NodeFace _face;
    private readonly CancellationTokenSource _watching = new();
    private readonly TaskCompletionSource<int> _death = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<NodeStop> _stops = [];
    private readonly Task _watch;
    private NodeProcess? _node;
    private long _zero;

    private EmulatedBench(BenchOptions options, LocalHub hub, ServedBoard? board)
    {
        _options = options;
        Hub = hub;
        Board = board;
        HubFilePath = Path.Combine(options.Folder, "hub.json");
        Service = new ServiceClient(HubFile.Read(HubFilePath), options.Clock);
        _face = new NodeFace(NodeFolder);
        bool isNew = !Directory.Exists(NodeFolder); // A first process that is killed before it answers must not shift the count.
        Watch = new NodeWatch(_face, Service, options.DeviceId, isNew ? 0 : null, options.Clock);
        Arrivals = new ArrivalLog(hub.Telemetry, options.DeviceId, options.Clock.GetUtcNow());
        _watch = Watch.RunAsync(_watching.Token);
    }

    public LocalHub Hub { get; }

    /// <summary>The chips in this process; null when the node has them.</summary>
    public ServedBoard? Board { get; }

    public string HubFilePath { get; }

    public ServiceClient Service { get; }

    public NodeWatch Watch { get; }

    public ArrivalLog Arrivals { get; private set; }

    /// <summary>The node's lines, of all its processes.</summary>
    public LogTail Log { get; } = new(capacity: 500);

    public IReadOnlyList<NodeStop> Stops => _stops;

    public string DeviceId => _options.DeviceId;

    public string NodeFolder => Path.Combine(_options.Folder, "node");

    /// <summary>The running node's process; null when it is stopped.</summary>
    public NodeProcess? Node => _node;

    /// <summary>Where the running node's dashboard is; null until it listens.</summary>
    public Uri? Dashboard => _node is { } node ? _face.AddressOf(node.Id) : null;

    /// <summary>Ends with the exit code when a node process ends that nobody asked to.</summary>
    public Task<int> DiedByItself => _death.Task;

    /// <summary>Time since the node's first start; zero before.</summary>
    public TimeSpan Elapsed => _zero == 0 ? TimeSpan.Zero : _options.Clock.GetElapsedTime(_zero);

    /// <summary>Starts the hub. The node is started apart, by <see cref="StartNode"/>.</summary>
    public static async Task<EmulatedBench> StartAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var hubOptions = new LocalHubOptions
        {
            DataFolder = options.Folder,
            Devices = [new LocalDevice(options.DeviceId)],
            TimeProvider = options.Clock,
        };
        LocalHub hub = await LocalHub.StartAsync(hubOptions, cancellationToken);
        ServedBoard? board = null;
        try
        {
            board = options.Bus is not BenchBus.Emulated ? ServedBoard.Start(options) : null;
            return new EmulatedBench(options, hub, board);
        }
        catch
        {
            await hub.DisposeAsync();
            await (board?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    /// <summary>Starts the node's process, with <paramref name="extra"/> settings for this start only.</summary>
    /// <exception cref="RigException">It is running already, or the program would not start.</exception>
    public void StartNode(IReadOnlyDictionary<string, string>? extra = null)
    {
        if (_node is not null)
        {
            throw new RigException(RigFault.UnusableInput, "the node is running already; stop or kill it first");
        }
        if (_zero == 0)
        {
            Arrivals = new ArrivalLog(Hub.Telemetry, DeviceId, _options.Clock.GetUtcNow());
        }
        Directory.CreateDirectory(NodeFolder);
        NodeProcess node = NodeProcess.Start(_options.Program.With("run"), Environment(extra), Log, _options.Echo, _options.Clock);
        _zero = _zero == 0 ? node.StartedAt : _zero;
        _node = node;
        Watch.Follow(node);
        _ = MournAsync(node);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillNodeAsync()
    {
        if (Interlocked.Exchange(ref _node, null) is { } node)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>SIGTERM; the stop is recorded in <see cref="Stops"/>.</summary>
    public async Task StopNodeAsync()
    {
        if (Interlocked.Exchange(ref _node, null) is { } node)
        {
            TimeSpan asked = Elapsed;
            (int exitCode, TimeSpan took, bool wasKilled) = await node.StopAsync(StopPatience);
            _stops.Add(new NodeStop(asked, took, exitCode, wasKilled));
            await node.DisposeAsync();
        }
    }

    /// <summary>Takes the hub away for a while: its ports refuse, its connections are dropped. Cancellation brings it back too.</summary>
    /// <returns>When the last connection was gone, and when the ports began to open again: nothing arrives between.</returns>
    public async Task<(TimeSpan Gone, TimeSpan Back)> TakeHubAwayAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        await Hub.StopListeningAsync();
        TimeSpan gone = Elapsed;
        try
        {
            await Task.Delay(length, _options.Clock, cancellationToken);
            return (gone, Elapsed);
        }
        finally
        {
            await Hub.ResumeListeningAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillNodeAsync();
        await _watching.CancelAsync();
        await _watch;
        Service.Dispose();
        _face.Dispose();
        await Hub.DisposeAsync();
        await (Board?.DisposeAsync() ?? ValueTask.CompletedTask);
        _watching.Dispose();
    }

    private Dictionary<string, string> Environment(IReadOnlyDictionary<string, string>? extra)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Hub:ConnectionString"] = Hub.DeviceConnectionString(DeviceId),
            ["Hub:Port"] = Hub.MqttPort.ToString(CultureInfo.InvariantCulture),
            ["Hub:HttpsPort"] = Hub.HttpsPort.ToString(CultureInfo.InvariantCulture),
            ["Hub:TrustedRootsFile"] = Hub.CaFile,
            ["DataFolder"] = NodeFolder,
            ["Http:Port"] = "0",
            ["Http:Address"] = "127.0.0.1",
        };
        foreach ((string key, string value) in BusSettings())
        {
            settings[key] = value;
        }
        foreach ((string key, string value) in _options.NodeSettings.Concat(extra ?? new Dictionary<string, string>()))
        {
            settings[key] = value;
        }
        var environment = settings.ToDictionary(pair => "Node__" + pair.Key.Replace(":", "__", StringComparison.Ordinal), pair => pair.Value);
        foreach ((string key, string value) in _options.Shim?.Environment(Board!.Endpoint) ?? new Dictionary<string, string>())
        {
            environment[key] = value;
        }
        return environment;
    }

    private KeyValuePair<string, string>[] BusSettings()
    {
        if (_options.Bus is BenchBus.Shim)
        {
            return [new("Bus:Provider", "linux")];
        }
        if (Board is { } board)
        {
            return [new("Bus:Provider", "remote"), new("Bus:Remote", board.Endpoint.ToString())];
        }
        KeyValuePair<string, string>[] settings =
        [
            new("Bus:Provider", "emulated"),
            new("Bus:Emulated:Seed", _options.Seed.ToString(CultureInfo.InvariantCulture)),
            new("Bus:Emulated:Speed", _options.Stimulus.Speed.ToString(CultureInfo.InvariantCulture)),
        ];
        return _options.Stimulus.Trace is { } trace ? [.. settings, new("Bus:Emulated:Trace", trace)] : settings;
    }

    private async Task MournAsync(NodeProcess node)
    {
        int exitCode = await node.Exited;
        if (Interlocked.CompareExchange(ref _node, null, node) == node)
        {
            _death.TrySetResult(exitCode);
        }
    }
}
