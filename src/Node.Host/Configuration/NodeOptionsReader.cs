using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Spool;
using Node.HubClient;

namespace Node.Host.Configuration;

/// <summary>Turns the section <c>Node</c> into checked options; the only place that knows the configuration's keys.</summary>
internal sealed class NodeOptionsReader(IConfiguration configuration, string contentRoot)
{
    private readonly SettingsReader _settings = new(configuration);

    public static LoadedConfiguration Read(IConfiguration configuration, string contentRoot) =>
        new NodeOptionsReader(configuration, contentRoot).Read();

    private LoadedConfiguration Read()
    {
        var options = new NodeOptions
        {
            Hub = ReadHub(),
            DataFolder = _settings.Text("Node:DataFolder") ?? DataFolders.Default(contentRoot),
            Http = new HttpOptionsReader(_settings).Read(),
            Neighbours = new NeighbourOptionsReader(_settings).Read(),
            Bus = new BusOptionsReader(_settings).Read(),
            Sensors = [.. _settings.Names("Node:Sensors").Select(new SensorOptionsReader(_settings).Read)],
            Actuators = [.. _settings.Names("Node:Actuators").Select(new ActuatorOptionsReader(_settings).Read)],
            DoWorkInterval = _settings.Period(
                "Node:DoWorkInterval", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)),
            ClockTrust = _settings.Choice(
                "Node:ClockTrust", ClockTrust.Auto, ("auto", ClockTrust.Auto), ("ntp", ClockTrust.Ntp), ("plausible", ClockTrust.Plausible)),
            Spool = ReadSpool(),
            Upload = new UploadOptionsReader(_settings).Read(),
            IdentifyActuator = _settings.Text("Node:Identify:Actuator"),
            LogFormat = _settings.Choice(
                "Node:Logging:Format", LogFormat.Auto,
                ("auto", LogFormat.Auto), ("simple", LogFormat.Simple), ("json", LogFormat.Json), ("systemd", LogFormat.Systemd)),
            BadBoots = _settings.Integer("Node:SafeMode:BadBoots", 10, 0, 100),
            BootIsGoodAfter = _settings.Period("Node:SafeMode:BootIsGoodAfter", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        };
        new ComponentClashes(_settings).Check(options);
        CheckLogLevels();
        CheckPorts(options);
        CheckIdentify(options);
        CheckDrives(options);
        return new LoadedConfiguration(options, _settings.Faults, [.. Warnings(options.Bus)])
        {
            Settings = [.. _settings.Asked],
            Unknown = _settings.Unknown("Node").ToHashSet(StringComparer.OrdinalIgnoreCase),
        };
    }

    private IEnumerable<string> Warnings(BusOptions bus)
    {
        foreach (string section in ConfigurationLayers.StrangeSections(configuration))
        {
            yield return $"{section} is no section of this node and has no effect; its settings are under Node, its log levels under Logging";
        }

        if (bus is { EmulatedTrace: null, EmulatedSpeed: not 1 })
        {
            yield return "Node:Bus:Emulated:Speed has no effect without Node:Bus:Emulated:Trace";
        }

        if (bus is { EmulatedBoard: not null, EmulatedTrace: not null })
        {
            yield return "Node:Bus:Emulated:Trace has no effect with Node:Bus:EmulatedBoard, whose file describes the surroundings";
        }

        foreach (string path in _settings.Unknown("Node"))
        {
            yield return _settings.SingleAbove(path) is { } single
                ? $"{path} is no setting of this node and has no effect; {single} takes one value, no parts"
                : $"{path} is no setting of this node and has no effect; {(_settings.Suggest(path) is { } meant ? $"{meant} is meant?" : "compare 'sensornode config schema'")}";
        }
    }

    /// <summary>The host's logging throws at a level that it does not know.</summary>
    private void CheckLogLevels()
    {
        foreach ((string path, string? value) in configuration.GetSection("Logging").AsEnumerable())
        {
            string[] parts = path.Split(':');
            bool isLevel = parts.Length > 2 && parts[^2].Equals("LogLevel", StringComparison.OrdinalIgnoreCase);
            if (isLevel && !string.IsNullOrEmpty(value) && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
            {
                _settings.Fault(path, $"'{value}' is not allowed; allowed is {string.Join(" or ", Enum.GetNames<LogLevel>())}");
            }
        }
    }

    private void CheckPorts(NodeOptions options)
    {
        if (options.Neighbours.HttpPort != 0 && options.Neighbours.HttpPort == options.Http.Port)
        {
            _settings.Fault("Node:Neighbours:HttpPort", $"{options.Http.Port} is the page's port (Node:Http:Port); each needs its own");
        }
    }

    private void CheckIdentify(NodeOptions options)
    {
        if (options.IdentifyActuator is { } name && !options.Actuators.Any(actuator => actuator.Name == name))
        {
            _settings.Fault("Node:Identify:Actuator", $"'{name}' is no actuator of this node; known are {string.Join(", ", options.Actuators.Select(actuator => actuator.Name))}");
        }
    }

    private void CheckDrives(NodeOptions options)
    {
        foreach (SensorOptions sensor in options.Sensors)
        {
            foreach (Automation.Threshold threshold in sensor.Thresholds.Thresholds)
            {
                if (threshold.Drive is { } drive && !options.Actuators.Any(actuator => actuator.Name == drive.Actuator))
                {
                    _settings.Fault($"Node:Sensors:{sensor.Name}:Thresholds:{threshold.Id}:Drive:Actuator",
                        $"'{drive.Actuator}' is no actuator of this node; known are {string.Join(", ", options.Actuators.Select(actuator => actuator.Name))}");
                }
            }
        }
    }

    private HubOptions ReadHub() => new HubIdentityReader(_settings).Read(new HubOptions
    {
        Port = _settings.Integer("Node:Hub:Port", 8883, 1, 65_535),
        Protocol = _settings.Choice("Node:Hub:Protocol", HubProtocol.Mqtt, ("mqtt", HubProtocol.Mqtt), ("mqttWebSocket", HubProtocol.MqttWebSocket)),
        HttpsPort = _settings.Integer("Node:Hub:HttpsPort", 443, 1, 65_535),
        Proxy = ReadProxy(),
        TrustedRootsPem = ReadRoots(),
        ModelId = _settings.Text("Node:Hub:ModelId"),
    });

    private HttpProxy? ReadProxy()
    {
        const string Path = "Node:Hub:Proxy";
        string? host = _settings.Text($"{Path}:Host");
        int port = _settings.Integer($"{Path}:Port", 3128, 1, 65_535);
        string? user = _settings.Text($"{Path}:UserName");
        string? password = _settings.Text($"{Path}:Password");
        if (host is null)
        {
            return null;
        }

        if (Uri.CheckHostName(host) is UriHostNameType.Unknown)
        {
            _settings.Fault($"{Path}:Host", $"'{host}' is no host name; write it without a scheme and without a port");
        }

        if (user is null != password is null || user?.Contains(':', StringComparison.Ordinal) == true)
        {
            _settings.Fault($"{Path}:UserName", "a user name without a colon and a password belong together; give both or neither");
        }

        return new HttpProxy { Host = host, Port = port, UserName = user, Password = password };
    }

    private string? ReadRoots()
    {
        const string Path = "Node:Hub:TrustedRootsFile";
        string? file = _settings.Text(Path);
        try
        {
            return file is null ? null : File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _settings.Fault(Path, $"'{file}' cannot be read ({unreadable.Message}); name a PEM file that this user may read");
            return null;
        }
    }

    private SpoolLimits ReadSpool() => new()
    {
        CapacityBytes = _settings.Long("Node:Spool:CapacityBytes", 64L << 20, SpoolLimits.LeastCapacityBytes, SpoolLimits.GreatestCapacityBytes),
        DropPolicy = _settings.Choice(
            "Node:Spool:DropPolicy", DropPolicy.DropOld,
            ("drop_old", DropPolicy.DropOld), ("drop_new", DropPolicy.DropNew), ("downsample", DropPolicy.Downsample)),
        MaxAge = _settings.Period("Node:Spool:MaxAge", TimeSpan.FromDays(30), TimeSpan.Zero, SpoolLimits.GreatestAge),
        CommitDelay = _settings.Period("Node:Spool:CommitDelay", TimeSpan.FromMilliseconds(20), TimeSpan.Zero, SpoolLimits.LongestCommitDelay),
    };
}
