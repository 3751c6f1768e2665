using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Actuation;
using Node.Host.Cadence;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Twin;
using Node.HubClient;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.TestKit;

/// <summary>A whole node on virtual time with scripted sensors, an emulated board's pins, a real spool and a scripted hub.</summary>
internal sealed class TestNode : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly bool _ownsFolder;

    public TestNode(TemporaryFolder? folder = null, params string[] sensorNames)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? new TemporaryFolder();
        string[] names = sensorNames.Length > 0 ? sensorNames : ["climate"];
        Options = new NodeOptions
        {
            DataFolder = Folder.Path,
            Hub = new HubOptions { DeviceId = "pi1", ConnectionString = "HostName=h.example;DeviceId=pi1;SharedAccessKey=c2VjcmV0" },
            Sensors = [.. names.Select((name, index) => new SensorOptions { Name = name, Chip = "BME280", Address = 0x76 + index })],
            Actuators = [new ActuatorOptions { Name = "led", Pin = 17 }],
        };
        Clock = new NodeClock(Time, default, TimeSpan.Zero);
        Spool = Node.Host.Spool.Spool.Open(
            new SpoolOptions { Path = Folder.File("spool.db"), Limits = new SpoolLimits { CommitDelay = TimeSpan.Zero } }, "boot1", TimeProvider.System, NullLogger.Instance);
        Readings = new ReadingStore(Spool, NullLogger.Instance);
        Sensors = new SensorArray([.. Options.Sensors.Select(MakeChannel)]);
        Board = new EmulatedBoard(new EmulatedBoardOptions { Chips = [] }, GeneratedRoom.Create(1), Time);
        Actuators = new ActuatorBank(Options.Actuators, new EmulatedBusProvider(Board), NullLogger.Instance);
        Cadence = new WorkCadence(Options.DoWorkInterval, Time);
        Methods = new MethodRouter(Sensors, Actuators, TimeProvider.System, NullLogger.Instance);
        Twin = new NodeTwin(Sensors, Actuators, Cadence, Options, Document,
            new LastGoodDesired(Folder.File("desired.json"), NullLogger.Instance),
            new DeviceInformation(new Dictionary<string, System.Text.Json.Nodes.JsonNode> { ["swVersion"] = "0.1.0" }), NullLogger.Instance);
        Link = new HubLink(Clock, NullLogger.Instance);
        Loop = new HubLoop(Client, Link, new TelemetrySender(Spool, Client, Clock, NullLogger.Instance),
            new ReportedSender(Document, Client, Time, NullLogger.Instance), Twin, Methods, Clock, NullLogger.Instance);
    }

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
        return new SensorChannel(sensor, () => chip, Readings, Clock, NullLogger.Instance);
    }
}
