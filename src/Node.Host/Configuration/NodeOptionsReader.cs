using System.Net;
using Microsoft.Extensions.Configuration;
using Node.Host.Composition;
using Node.Host.Spool;
using Node.HubClient;
using Node.Sensors.Drivers;

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
            Http = ReadHttp(),
            Bus = ReadBus(),
            Sensors = [.. _settings.Names("Node:Sensors").Select(ReadSensor)],
            Actuators = [.. _settings.Names("Node:Actuators").Select(ReadActuator)],
            DoWorkInterval = _settings.Period(
                "Node:DoWorkInterval", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(10)),
            ClockTrust = _settings.Choice(
                "Node:ClockTrust", ClockTrust.Auto, ("auto", ClockTrust.Auto), ("ntp", ClockTrust.Ntp), ("plausible", ClockTrust.Plausible)),
            Spool = ReadSpool(),
            LogFormat = _settings.Choice("Node:Logging:Format", LogFormat.Simple, ("simple", LogFormat.Simple), ("json", LogFormat.Json)),
        };
        CheckNames(options);
        CheckAddresses(options);
        return new LoadedConfiguration(options, _settings.Faults, [.. Warnings(options.Bus)]);
    }

    private IEnumerable<string> Warnings(BusOptions bus)
    {
        if (bus is { EmulatedTrace: null, EmulatedSpeed: not 1 })
        {
            yield return "Node:Bus:Emulated:Speed has no effect without Node:Bus:Emulated:Trace";
        }

        foreach (string path in _settings.Unknown("Node"))
        {
            yield return $"{path} is no setting of this node and has no effect; compare 'sensornode config show'";
        }
    }

    private HubOptions ReadHub()
    {
        string? connectionString = _settings.Text("Node:Hub:ConnectionString");
        string? deviceId = null;
        if (connectionString is not null && !HubConnectionString.TryFindDeviceId(connectionString, out deviceId, out string reason))
        {
            _settings.Fault("Node:Hub:ConnectionString", reason);
        }

        return new HubOptions
        {
            ConnectionString = connectionString,
            DeviceId = deviceId,
            Port = _settings.Integer("Node:Hub:Port", 8883, 1, 65_535),
            Protocol = _settings.Choice("Node:Hub:Protocol", HubProtocol.Mqtt, ("mqtt", HubProtocol.Mqtt), ("mqttWebSocket", HubProtocol.MqttWebSocket)),
            HttpsPort = _settings.Integer("Node:Hub:HttpsPort", 443, 1, 65_535),
            Proxy = ReadProxy(),
            TrustedRootsPem = ReadRoots(),
            ModelId = _settings.Text("Node:Hub:ModelId"),
        };
    }

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

    private HttpOptions ReadHttp()
    {
        string? address = _settings.Text("Node:Http:Address");
        IPAddress? parsed = IPAddress.Loopback;
        if (address is not null && !IPAddress.TryParse(address, out parsed))
        {
            _settings.Fault("Node:Http:Address", $"'{address}' is not allowed; allowed is an IP address such as 127.0.0.1 or 0.0.0.0");
        }

        return new HttpOptions { Port = _settings.Integer("Node:Http:Port", 8080, 0, 65_535), Address = parsed ?? IPAddress.Loopback };
    }

    private BusOptions ReadBus()
    {
        string? trace = _settings.Text("Node:Bus:Emulated:Trace");
        if (trace is not null && !File.Exists(trace))
        {
            _settings.Fault("Node:Bus:Emulated:Trace", $"'{trace}' is no file; name a CSV trace or leave the setting out for a generated day");
        }

        return new BusOptions
        {
            Provider = _settings.Choice(
                "Node:Bus:Provider", BusProviderKind.Linux, ("linux", BusProviderKind.Linux), ("emulated", BusProviderKind.Emulated)),
            EmulatedTrace = trace,
            EmulatedSeed = _settings.Integer("Node:Bus:Emulated:Seed", 1, 0, int.MaxValue),
            EmulatedSpeed = _settings.Number("Node:Bus:Emulated:Speed", 1, 0.001, 100_000),
        };
    }

    private SensorOptions ReadSensor(string name)
    {
        string path = $"Node:Sensors:{name}";
        string? chipName = _settings.Text($"{path}:Chip");
        string chips = string.Join(" or ", SensorCatalog.Chips.Select(known => known.Name));
        SensorChip? chip = null;
        if (chipName is null || !SensorCatalog.TryFind(chipName, out chip))
        {
            _settings.Fault($"{path}:Chip", chipName is null ? $"is missing; allowed is {chips}" : $"'{chipName}' is not allowed; allowed is {chips}");
        }

        return new SensorOptions
        {
            Name = name,
            Chip = chip?.Name ?? "",
            Bus = _settings.Integer($"{path}:Bus", 1, 0, 255),
            Address = _settings.Address($"{path}:Address", chip?.Addresses ?? []),
            Interval = _settings.Period(
                $"{path}:Interval", TimeSpan.FromSeconds(5), SensorOptions.ShortestInterval, SensorOptions.LongestInterval),
            Enabled = _settings.Flag($"{path}:Enabled", true),
        };
    }

    private ActuatorOptions ReadActuator(string name)
    {
        string path = $"Node:Actuators:{name}";
        if (_settings.Text($"{path}:Pin") is null)
        {
            _settings.Fault($"{path}:Pin", "is missing; give the GPIO number, 0 to 53");
        }

        return new ActuatorOptions
        {
            Name = name,
            Kind = _settings.Choice($"{path}:Kind", "DigitalOutput", ("DigitalOutput", "DigitalOutput")),
            Pin = _settings.Integer($"{path}:Pin", 0, 0, 53),
            ActiveLow = _settings.Flag($"{path}:ActiveLow", false),
            FailSafeOn = _settings.Choice($"{path}:FailSafe", false, ("off", false), ("on", true)),
        };
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

    private void CheckNames(NodeOptions options)
    {
        foreach (string name in options.Sensors.Select(sensor => sensor.Name))
        {
            CheckName($"Node:Sensors:{name}", name);
        }

        foreach (string name in options.Actuators.Select(actuator => actuator.Name))
        {
            CheckName($"Node:Actuators:{name}", name);
            if (options.Sensors.Any(sensor => sensor.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                _settings.Fault($"Node:Actuators:{name}", "a sensor has the same name; every component needs its own");
            }
        }
    }

    private void CheckName(string path, string name)
    {
        if (!ComponentName.IsValid(name))
        {
            _settings.Fault(path, "is no component name; allowed are 1 to 64 letters, digits and underscores, beginning with a letter, and not deviceInformation");
        }
    }

    private void CheckAddresses(NodeOptions options)
    {
        foreach (IGrouping<(int Bus, int Address), SensorOptions> same in options.Sensors.GroupBy(sensor => (sensor.Bus, sensor.Address)))
        {
            foreach (SensorOptions sensor in same.Skip(1))
            {
                _settings.Fault($"Node:Sensors:{sensor.Name}:Address",
                    $"0x{sensor.Address:X2} on bus {sensor.Bus} is taken by {same.First().Name}; every chip needs its own bus or address");
            }
        }

        foreach (IGrouping<int, ActuatorOptions> same in options.Actuators.GroupBy(actuator => actuator.Pin))
        {
            foreach (ActuatorOptions actuator in same.Skip(1))
            {
                _settings.Fault($"Node:Actuators:{actuator.Name}:Pin", $"{actuator.Pin} is taken by {same.First().Name}; every actuator needs its own pin");
            }
        }
    }
}
