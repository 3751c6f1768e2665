using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Cadence;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Diagnostics;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Methods;
using Node.Host.Observability;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Twin;
using Node.Host.Upload;
using Node.HubClient;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.TestKit;

/// <summary>A whole node on virtual time with scripted sensors, an emulated board's pins, a real spool and a scripted hub.</summary>
internal sealed class TestNode : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly bool _ownsFolder;

    public TestNode(TemporaryFolder? folder = null, params string[] sensorNames)
        : this(folder, sensorNames, null)
    {
    }

    /// <summary>A node whose sensors' options the test changes.</summary>
    public TestNode(TemporaryFolder? folder, string[] sensorNames, Func<SensorOptions, SensorOptions>? change, ActuatorOptions[]? actuators = null,
        UploadOptions? upload = null, string boot = "boot1")
    {
        _ownsFolder = folder is null;
        Folder = folder ?? new TemporaryFolder();
        string[] names = sensorNames.Length > 0 ? sensorNames : ["climate"];
        Options = new NodeOptions
        {
            DataFolder = Folder.Path,
            Hub = new HubOptions { DeviceId = "pi1", ConnectionString = "HostName=h.example;DeviceId=pi1;SharedAccessKey=c2VjcmV0" },
            Sensors = [.. names.Select((name, index) => (change ?? (options => options))(
                new SensorOptions { Name = name, Chip = "BME280", Address = 0x76 + index, QuantityNames = ["temperature", "pressure"] }))],
            Actuators = actuators ?? [new ActuatorOptions { Name = "led", Pin = 17 }],
            Upload = upload ?? new UploadOptions(),
        };
        Clock = new NodeClock(Time, default, TimeSpan.Zero);
        Spool = Node.Host.Spool.Spool.Open(
            new SpoolOptions { Path = Folder.File("spool.db"), Limits = Options.Spool with { CommitDelay = TimeSpan.Zero } }, boot, new RealTimeOn(Time), NullLogger.Instance);
        Readings = new ReadingStore(Spool, NullLogger.Instance);
        Sensors = new SensorArray([.. Options.Sensors.Select(MakeChannel)]);
        Board = new EmulatedBoard(new EmulatedBoardOptions { Chips = [] }, GeneratedRoom.Create(1), Time);
        Actuators = new ActuatorBank(
            Options.Actuators, new EmulatedBusProvider(Board), Time, new ActuatorRecord(Folder.File("actuators.json"), NullLogger.Instance), NullLogger.Instance);
        Automation = new LocalAutomation(Sensors, Actuators, Readings, Clock, new AlarmRecord(Folder.Path, NullLogger.Instance), NullLogger.Instance);
        Upload = new UploadControl(Options.Upload, new DailyTraffic(Folder.Path, Clock, NullLogger.Instance), Clock, NullLogger.Instance);
        Cadence = new WorkCadence(Options.DoWorkInterval, Time);
        Logs = new LogRing(Time);
        Restart = new NodeRestart(Time, () => Stops++);
        var status = new Func<byte[]>(() => "{\"node\":{}}"u8.ToArray());
        Methods = new MethodRouter(
            [
                new SensorMethods(Sensors), new ActuatorMethods(Actuators), new AlarmMethods(Automation),
                new NodeMethods(status, Spool, () => Nudges++, Restart, new Blinker(Actuators, null, Time), new NodeIdentity("boot1", "0.1.0"), Time),
                new LogMethods(Logs, LogLevel, Time),
                new SafeModeMethod(BootRecord.Begin(Directory.CreateDirectory(Folder.File("boots")).FullName, 0), Restart),
                new BundleMethod(new SupportBundle(Configuration, Logs, status, "0.1.0", Time), Client, Document, Time),
            ],
            new CommandLedger(Folder.File("commands.json"), NullLogger.Instance), Time, Logs.CreateLogger("Node.Methods"));
        Twin = new NodeTwin(Sensors, Actuators, NodeProperties.All(Options, Cadence, LogLevel, Spool), Document,
            new LastGoodDesired(Folder.File("desired.json"), NullLogger.Instance),
            new DeviceInformation(new Dictionary<string, System.Text.Json.Nodes.JsonNode> { ["swVersion"] = "0.1.0" }), NullLogger.Instance,
            new UploadProperties(Upload, Time), Automation);
        Link = new HubLink(Clock, NullLogger.Instance) { Switched = Actuators.SetConnected };
        var metered = new MeteredHubClient(Client, new HubMeter(Meters, Time), Time);
        Loop = new HubLoop(metered, Link, new TelemetrySender(Spool, metered, Clock, NullLogger.Instance, Upload, "pi1"),
            new ReportedSender(Document, metered, Time, NullLogger.Instance) { Sent = bytes => Upload.Spend(WireCost.OfPatch(bytes)) }, Twin, Methods, Clock, NullLogger.Instance);
    }

    /// <summary>What the node was configured with, for the support bundle.</summary>
    public IConfiguration Configuration { get; } = new ConfigurationBuilder().AddInMemoryCollection(
        [new("Node:Hub:ConnectionString", "HostName=h.example;SharedAccessKey=c2VjcmV0"), new("Node:Sensors:climate:Interval", "5s")]).Build();

    public LogRing Logs { get; }

    public LogLevelSwitch LogLevel { get; } = new();

    public NodeRestart Restart { get; }

    /// <summary>How often the node was told to end.</summary>
    public int Stops { get; private set; }

    /// <summary>How often a turn was called for.</summary>
    public int Nudges { get; private set; }

    /// <summary>A node with other actuators than the one LED.</summary>
    public static TestNode With(TemporaryFolder? folder, ActuatorOptions[] actuators) => new(folder, [], null, actuators);

    public FakeTimeProvider Time { get; } = new(Start);

    public TemporaryFolder Folder { get; }

    public NodeOptions Options { get; }

    public NodeClock Clock { get; }

    public Node.Host.Spool.Spool Spool { get; }

    public ReadingStore Readings { get; }

    public Dictionary<string, ScriptedSensor> Chips { get; } = [];

    public SensorArray Sensors { get; }

    public EmulatedBoard Board { get; }

    public ActuatorBank Actuators { get; }

    public NodeMeters Meters { get; } = new();

    public LocalAutomation Automation { get; }

    public UploadControl Upload { get; }

    public WorkCadence Cadence { get; }

    public MethodRouter Methods { get; }

    public ReportedDocument Document { get; } = new();

    public NodeTwin Twin { get; }

    public HubLink Link { get; }

    public ScriptedHubClient Client { get; } = new();

    public HubLoop Loop { get; }

    public SensorChannel Climate => Sensors.Channels[0];

    /// <summary>Connects and hands over a whole twin.</summary>
    public void Connect(string desired = """{"$version":1}""", string reported = """{"$version":1}""")
    {
        Client.Connect();
        Client.Twin(TwinUpdateState.Complete, $$"""{"desired":{{desired}},"reported":{{reported}}}""");
        Loop.Turn();
    }

    public void Patch(string desired)
    {
        Client.Twin(TwinUpdateState.Partial, desired);
        Loop.Turn();
    }

    /// <summary>Lets the hub store what is under way, and the node send what follows.</summary>
    public void StoreReported(int status = 204)
    {
        Client.EndReported(status);
        Loop.Turn();
    }

    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        foreach (SensorChannel channel in Sensors.Channels)
        {
            await channel.SampleAsync(cancellationToken);
        }

        await Spool.FlushAsync(cancellationToken);
    }

    public void Dispose()
    {
        Loop.Dispose();
        Sensors.Dispose();
        Actuators.Dispose();
        Restart.Dispose();
        LogLevel.Dispose();
        Meters.Dispose();
        Spool.Dispose();
        if (_ownsFolder)
        {
            Folder.Dispose();
        }
    }

    private SensorChannel MakeChannel(SensorOptions sensor)
    {
        var chip = new ScriptedSensor();
        Chips[sensor.Name] = chip;
        return new SensorChannel(sensor, () => chip, Readings, Clock, NullLogger.Instance, work => work(), new SensingMeter(Meters));
    }
}
