using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Cadence;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Methods;
using Node.Host.Observability;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.Host.Twin;
using Node.Host.Upload;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Endurance;

/// <summary>
/// A node with the real drivers of every chip on a rough board, at a rough hub, reconfigured now and then, on virtual time. What in the program
/// Quartz does is done here by <see cref="SensorPace"/>; all else is the program's own.
/// </summary>
internal sealed class RoughDay : IDisposable
{
    private const int MostReadings = 1 << 20;

    private static readonly string[] Intervals = ["PT20S", "PT30S", "PT45S", "PT1M30S"];

    private readonly Random _chance;
    private readonly TemporaryFolder _folder = new();
    private readonly LoggerFactory _loggers;
    private readonly LogLevelSwitch _level = new();
    private readonly ScheduleSupervisor _supervisor;
    private readonly ActuatorBank _actuators;
    private readonly SharedBusProvider _buses;
    private readonly NodeMeters _meters = new();
    private readonly HubLoop _loop;
    private readonly Queue<TimeSpan> _firstHubChanges = new([TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(80)]); // A long outage early: what it needs is there before memory is measured.
    private TimeSpan _hubChangesAt = TimeSpan.FromMinutes(1);
    private TimeSpan _twinChangesAt = TimeSpan.FromMinutes(5);
    private long _flushedAt;

    public RoughDay(int seed)
    {
        _chance = new Random(seed);
        Logs = new LogRing(Time);
        _loggers = new LoggerFactory([Logs]);
        for (int line = 0; line < LogRing.MostEntries; line++)
        {
            string filler = new('x', 150); // The bound is reached from the start, so that what grows is something else.
            Logger("Test").Log(LogLevel.Debug, default, filler, null, static (text, _) => text);
        }

        Board = new RoughBoard(seed, Time);
        _buses = new SharedBusProvider(new EmulatedBusProvider(Board.Board), Time, 100_000);
        Hub = new RoughHub(new Random(seed + 1), MostReadings);
        Hub.Desire(new JsonObject { ["batchCount"] = 30, ["compression"] = "gzip", ["batchDelay"] = "PT1M" }); // Likewise.
        NodeOptions options = Options(_folder.Path);
        var clock = new NodeClock(Time, default, TimeSpan.Zero);
        Spool = Node.Host.Spool.Spool.Open(
            new SpoolOptions { Path = _folder.File("spool.db"), Limits = options.Spool with { CommitDelay = TimeSpan.Zero } }, "boot1", new RealTimeOn(Time), Logger("Node.Spool"));
        Readings = new ReadingStore(Spool, Logger("Node.Sensing"));
        Paces = [.. options.Sensors.Select(sensor => new SensorPace(Channel, sensor, Time))];
        SensorTime engine = Paces.First(pace => pace.Channel.Name == "engine").Time;
        Board.Board.Gpio.EdgeOccurred += (_, edge) => engine.IsAsked |= edge is { Pin: RoughBoard.EnginePin, IsRising: true };
        Sensors = new SensorArray([.. Paces.Select(pace => pace.Channel)]);
        _supervisor = new ScheduleSupervisor(Sensors, RestartAsync, Time, Logger("Node.Cadence"));
        _actuators = new ActuatorBank(options.Actuators, _buses, Time, new ActuatorRecord(_folder.File("actuators.json"), Logger("Node.Actuation")), Logger("Node.Actuation"));
        var automation = new LocalAutomation(Sensors, _actuators, Readings, clock, new AlarmRecord(_folder.Path, Logger("Node.Automation")), Logger("Node.Automation"));
        var upload = new UploadControl(options.Upload, new DailyTraffic(_folder.Path, clock, Logger("Node.Upload")), clock, Logger("Node.Upload"));
        Document = new ReportedDocument();
        Twin = new NodeTwin(Sensors, _actuators, NodeProperties.All(options, new WorkCadence(options.DoWorkInterval, Time), _level, Spool), Document,
            new LastGoodDesired(_folder.File("desired.json"), Logger("Node.Twin")), new DeviceInformation(new Dictionary<string, JsonNode>()), Logger("Node.Twin"),
            new UploadProperties(upload, Time), automation);
        var link = new HubLink(clock, Logger("Node.Hub")) { Switched = _actuators.SetConnected };
        var metered = new MeteredHubClient(Hub, new HubMeter(_meters, Time), Time);
        var methods = new MethodRouter([], new CommandLedger(_folder.File("commands.json"), NullLogger.Instance), Time, Logger("Node.Methods"));
        _loop = new HubLoop(metered, link, new TelemetrySender(Spool, metered, clock, Logger("Node.Hub"), upload, "pi1"),
            new ReportedSender(Document, metered, Time, Logger("Node.Hub")), Twin, methods, clock, Logger("Node.Hub"));
    }

    public VirtualTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 6, 0, 0, TimeSpan.Zero));

    public RoughBoard Board { get; }

    public RoughHub Hub { get; }

    public LogRing Logs { get; }

    public Node.Host.Spool.Spool Spool { get; }

    public ReadingStore Readings { get; }

    public ReportedDocument Document { get; }

    public NodeTwin Twin { get; }

    public SensorArray Sensors { get; }

    public IReadOnlyList<SensorPace> Paces { get; }

    /// <summary>Bytes of the database and of its log on the disk.</summary>
    public (long Database, long Log) SpoolBytes => (new FileInfo(_folder.File("spool.db")).Length, new FileInfo(_folder.File("spool.db-wal")).Length);

    /// <summary>Goes on to an instant, a second at a time, as the node's own jobs do.</summary>
    public async Task RunUntilAsync(TimeSpan until)
    {
        for (TimeSpan second = Time.Elapsed + TimeSpan.FromSeconds(1); second <= until; second += TimeSpan.FromSeconds(1))
        {
            await GoOnAsync(second);
            Board.Advance();
            DisturbHub();
            ChangeTwin();
            foreach (SensorChannel sensor in Sensors.Channels)
            {
                await sensor.AdvanceAsync(CancellationToken.None);
            }

            if ((int)second.TotalSeconds % 5 == 0)
            {
                await _supervisor.RoundAsync(CancellationToken.None);
                await TurnAsync();
            }
        }
    }

    /// <summary>The last hub outage is over, and nobody measures any more: what is left is sent.</summary>
    public async Task DrainAsync()
    {
        foreach (SensorPace pace in Paces)
        {
            pace.End();
        }

        await GoOnAsync(Time.Elapsed + TimeSpan.FromMinutes(2));
        _hubChangesAt = TimeSpan.MaxValue;
        if (!Hub.IsUp)
        {
            Hub.Come();
        }

        for (int turn = 0; turn < 10_000 && (Spool.Statistics.Depth > 0 || turn < 10); turn++)
        {
            await GoOnAsync(Time.Elapsed + TimeSpan.FromSeconds(5));
            await TurnAsync();
        }
    }

    public void Dispose()
    {
        _loop.Dispose();
        Sensors.Dispose();
        _actuators.Dispose();
        _buses.Dispose();
        Board.Dispose();
        Spool.Dispose();
        _level.Dispose();
        _meters.Dispose();
        _loggers.Dispose();
        _folder.Dispose();
    }

    private static NodeOptions Options(string folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Node:DataFolder"] = folder,
            ["Node:Actuators:fan:Pin"] = "17",
            ["Node:Sensors:climate:Thresholds:hot:Quantity"] = "temperature",
            ["Node:Sensors:climate:Thresholds:hot:Above"] = "60",
            ["Node:Sensors:climate:Thresholds:hot:Drive:Actuator"] = "fan",
        };
        string[] sensors =
        [
            "climate BME280 Address=0x76", "cellar BME280 Address=0x77", "air SCD41 Interval=30s", "light BH1750", "damp SHT31", "volts ADS1115 Address=0x48",
            "cold TMP102 Address=0x49", "motion MPU-6050 Options:InterruptPin=5", "attic BME280 Address=0x76 Bus=3 Mux:Address=0x70 Mux:Channel=2",
            "shed TMP102 Address=0x48 Bus=3 Mux:Address=0x70 Mux:Channel=6", "tilt ADXL345 ChipSelect=0", "engine ADXL345Vibration ChipSelect=1 Options:Pin=6 Interval=15min",
            "levels MCP3008 SpiBus=1 ChipSelect=0", "door GpioInput Options:Pin=27", "machine Machine", "steady BME280 Address=0x76 Bus=5",
        ];
        foreach (string[] words in sensors.Select(sensor => sensor.Split(' ')))
        {
            settings[$"Node:Sensors:{words[0]}:Chip"] = words[1];
            settings[$"Node:Sensors:{words[0]}:Interval"] = "30s";
            foreach (string[] setting in words.Skip(2).Select(word => word.Split('=')))
            {
                settings[$"Node:Sensors:{words[0]}:{setting[0]}"] = setting[1];
            }
        }

        LoadedConfiguration loaded = NodeOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), folder);
        Assert.Empty(loaded.Faults);
        return loaded.Options;
    }

    private ILogger Logger(string category) => _loggers.CreateLogger(category);

    private SensorChannel Channel(SensorOptions sensor, SensorTime time) => new(
        sensor, () => Buses.OpenSensor(sensor, _buses, time), Readings, new NodeClock(time, default, TimeSpan.Zero), Logger("Node.Sensing"), static work => work(), new SensingMeter(_meters));

    private Task RestartAsync(SensorChannel sensor, CancellationToken cancellationToken)
    {
        Paces.First(pace => pace.Channel == sensor).Restart();
        return Task.CompletedTask;
    }

    private async Task GoOnAsync(TimeSpan until)
    {
        bool isThere;
        do
        {
            isThere = Time.Step(until);
            for (int i = 0; i < Paces.Count; i++)
            {
                await Paces[i].SettledAsync();
            }

            if (Readings.Readings - _flushedAt >= 100)
            {
                await FlushAsync(); // A day in half a minute is more than disks are asked for otherwise.
            }
        }
        while (!isThere);
    }

    private async Task TurnAsync()
    {
        await FlushAsync();
        _loop.Turn();
        foreach (SensorPace pace in Paces)
        {
            pace.Converge();
        }
    }

    private Task FlushAsync()
    {
        _flushedAt = Readings.Readings;
        return Spool.FlushAsync(CancellationToken.None);
    }

    private void DisturbHub()
    {
        if (Time.Elapsed < _hubChangesAt)
        {
            return;
        }

        if (Hub.IsUp)
        {
            Hub.Go();
            _hubChangesAt = _firstHubChanges.TryDequeue(out TimeSpan first) ? first : Time.Elapsed + TimeSpan.FromSeconds(_chance.Next(8) == 0 ? _chance.Next(3_600, 10_000) : _chance.Next(5, 600));
        }
        else
        {
            Hub.Come();
            _hubChangesAt = _firstHubChanges.TryDequeue(out TimeSpan first) ? first : Time.Elapsed + TimeSpan.FromSeconds(_chance.Next(60, 3_600));
        }
    }

    private void ChangeTwin()
    {
        if (Time.Elapsed < _twinChangesAt)
        {
            return;
        }

        _twinChangesAt = Time.Elapsed + TimeSpan.FromSeconds(_chance.Next(120, 1_800));
        string sensor = Paces[_chance.Next(Paces.Count)].Channel.Name;
        Hub.Desire(_chance.Next(6) switch
        {
            0 => new JsonObject { ["batchCount"] = _chance.Next(1, 30), ["compression"] = _chance.Next(2) == 0 ? "gzip" : "none", ["batchDelay"] = "PT1M" },
            1 => new JsonObject { [sensor] = new JsonObject { ["__t"] = "c", ["interval"] = "never" } },
            2 => new JsonObject { [sensor] = new JsonObject { ["__t"] = "c", ["enabled"] = sensor == "steady" || _chance.Next(3) > 0 } },
            3 => new JsonObject { ["nobody"] = _chance.Next(1_000).ToString(CultureInfo.InvariantCulture) },
            _ => new JsonObject { [sensor] = new JsonObject { ["__t"] = "c", ["interval"] = sensor == "engine" ? "PT10M" : Intervals[_chance.Next(Intervals.Length)] } },
        });
    }
}
