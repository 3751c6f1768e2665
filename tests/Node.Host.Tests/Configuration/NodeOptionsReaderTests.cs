using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Configuration;

public sealed class NodeOptionsReaderTests
{
    [Fact]
    public void The_shipped_settings_have_no_fault_and_name_the_climate_sensor_and_the_led()
    {
        LoadedConfiguration loaded = Load(new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json")).Build());

        Assert.Empty(loaded.Faults);
        Assert.Empty(loaded.Warnings);
        SensorOptions climate = Assert.Single(loaded.Options.Sensors);
        Assert.Equal(("climate", "BME280", 1, 0x76, TimeSpan.FromSeconds(5), true),
            (climate.Name, climate.Chip, climate.Bus, climate.Address, climate.Interval, climate.Enabled));
        ActuatorOptions led = Assert.Single(loaded.Options.Actuators);
        Assert.Equal(("led", 17, false, false), (led.Name, led.Pin, led.ActiveLow, led.FailSafeOn));
        Assert.Equal(BusProviderKind.Linux, loaded.Options.Bus.Provider);
        Assert.Null(loaded.Options.Hub.ConnectionString);
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("/run/bus.sock", "unix:PATH or tcp:HOST:PORT")]
    public void A_remote_bus_needs_an_address(string? address, string told)
    {
        LoadedConfiguration loaded = Load(("Node:Bus:Provider", "remote"), ("Node:Bus:Remote", address ?? ""));

        Assert.Contains(told, Assert.Single(loaded.Faults, static fault => fault.Contains("Node:Bus:Remote", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_bus_s_address_is_read_and_ignored_for_other_providers()
    {
        LoadedConfiguration remote = Load(("Node:Bus:Provider", "remote"), ("Node:Bus:Remote", "unix:/run/bus.sock"));
        LoadedConfiguration linux = Load(("Node:Bus:Provider", "linux"), ("Node:Bus:Remote", "unix:/run/bus.sock"));

        Assert.Equal("unix:/run/bus.sock", remote.Options.Bus.Remote?.ToString());
        Assert.Null(linux.Options.Bus.Remote);
        Assert.Empty(linux.Faults.Concat(linux.Warnings));
    }

    [Fact]
    public void Every_fault_is_listed_at_once_with_path_value_and_range()
    {
        LoadedConfiguration loaded = Load(
            ("Node:Http:Port", "70000"), ("Node:Http:Address", "nowhere"), ("Node:DoWorkInterval", "1ms"), ("Node:Bus:Provider", "usb"),
            ("Node:Sensors:a:Chip", "XYZ"), ("Node:Sensors:b:Chip", "BME280"), ("Node:Sensors:b:Address", "0x20"), ("Node:Sensors:b:Interval", "often"),
            ("Node:Actuators:c:FailSafe", "maybe"), ("Node:Spool:CapacityBytes", "17"), ("Node:Logging:Format", "xml"));

        (string Path, string Value, string Allowed)[] expected =
        [
            ("Node:Http:Port", "'70000'", "0 to 65535"), ("Node:Http:Address", "'nowhere'", "IP address"), ("Node:DoWorkInterval", "'1ms'", "PT0.01S to PT10S"),
            ("Node:Bus:Provider", "'usb'", "linux or emulated"), ("Node:Sensors:a:Chip", "'XYZ'", "BME280"), ("Node:Sensors:b:Address", "'0x20'", "0x76 or 0x77"),
            ("Node:Sensors:b:Interval", "'often'", "PT0.1S to P1D"), ("Node:Actuators:c:Pin", "missing", "0 to 53"), ("Node:Actuators:c:FailSafe", "'maybe'", "off or on"),
            ("Node:Spool:CapacityBytes", "'17'", "1048576"), ("Node:Logging:Format", "'xml'", "simple or json"),
        ];
        Assert.Equal(expected.Length, loaded.Faults.Count);
        Assert.All(expected, fault => Assert.Contains(loaded.Faults, text =>
            text.StartsWith(fault.Path + ":", StringComparison.Ordinal) && text.Contains(fault.Value, StringComparison.Ordinal) && text.Contains(fault.Allowed, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_way_to_the_hub_may_lead_over_a_WebSocket_and_a_proxy()
    {
        HubOptions hub = Load(
            ("Node:Hub:Protocol", "mqttWebSocket"), ("Node:Hub:HttpsPort", "8443"),
            ("Node:Hub:Proxy:Host", "proxy.example"), ("Node:Hub:Proxy:UserName", "node"), ("Node:Hub:Proxy:Password", "secret")).Options.Hub;

        Assert.Equal((HubClient.HubProtocol.MqttWebSocket, 8443), (hub.Protocol, hub.HttpsPort));
        Assert.Equal(new HubClient.HttpProxy { Host = "proxy.example", Port = 3128, UserName = "node", Password = "secret" }, hub.Proxy);
        Assert.DoesNotContain("secret", hub.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_cannot_be_asked_is_a_fault() =>
        Assert.Equal(["Node:Hub:Proxy:Host", "Node:Hub:Proxy:UserName"], Load(("Node:Hub:Proxy:Host", "http://proxy"), ("Node:Hub:Proxy:UserName", "alone")).Faults.Select(fault => fault[..fault.LastIndexOf(": ", StringComparison.Ordinal)].Split(": ")[0]));

    [Fact]
    public void An_unknown_key_is_warned_about_by_its_path()
    {
        LoadedConfiguration loaded = Load(("Node:Sensors:a:Chip", "BME280"), ("Node:Sensors:a:Intervall", "5s"), ("Other:Key", "1"));

        Assert.Empty(loaded.Faults);
        Assert.StartsWith("Node:Sensors:a:Intervall ", Assert.Single(loaded.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2nd")]
    [InlineData("with space")]
    [InlineData("_hidden")]
    [InlineData("deviceInformation")]
    public void A_name_that_is_no_component_name_is_a_fault(string name) =>
        Assert.Contains(Load(($"Node:Sensors:{name}:Chip", "BME280")).Faults, fault => fault.StartsWith($"Node:Sensors:{name}:", StringComparison.Ordinal));

    [Fact]
    public void A_sensor_and_an_actuator_do_not_share_a_name() =>
        Assert.Contains(Load(("Node:Sensors:x:Chip", "BME280"), ("Node:Actuators:X:Pin", "4")).Faults, fault => fault.Contains("same name", StringComparison.Ordinal));

    [Fact]
    public void Two_sensors_do_not_share_an_address_and_two_actuators_no_pin()
    {
        LoadedConfiguration loaded = Load(
            ("Node:Sensors:a:Chip", "BME280"), ("Node:Sensors:b:Chip", "BME280"), ("Node:Actuators:c:Pin", "4"), ("Node:Actuators:d:Pin", "4"));

        Assert.Contains(loaded.Faults, fault => fault.StartsWith("Node:Sensors:b:Address:", StringComparison.Ordinal));
        Assert.Contains(loaded.Faults, fault => fault.StartsWith("Node:Actuators:d:Pin:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_in_the_connection_string_names_the_part_and_never_the_secret()
    {
        LoadedConfiguration loaded = Load(("Node:Hub:ConnectionString", "DeviceId=pi1;SharedAccessKey=dmVyeXNlY3JldA=="));

        string fault = Assert.Single(loaded.Faults);
        Assert.Contains("HostName", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("dmVyeXNlY3JldA", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_do_not_show_the_secret_as_text()
    {
        LoadedConfiguration loaded = Load(("Node:Hub:ConnectionString", "HostName=h;DeviceId=pi1;SharedAccessKey=dmVyeXNlY3JldA=="));

        Assert.Equal("pi1", loaded.Options.Hub.DeviceId);
        Assert.DoesNotContain("dmVyeXNlY3JldA", loaded.Options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_can_lie_in_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("hub"), "HostName=h;DeviceId=from-file;SharedAccessKey=AAAA\n");
        var faults = new List<string>();
        IConfigurationRoot environment = Configuration(("Node:Hub:ConnectionString:File", folder.File("hub")), ("Node:Hub:ModelId:File", folder.File("absent")));

        Dictionary<string, string?> values = SecretFiles.Read(environment, faults);
        LoadedConfiguration loaded = NodeOptionsReader.Read(
            new ConfigurationBuilder().AddConfiguration(environment).AddInMemoryCollection(values).Build(), folder.Path);

        Assert.Equal("from-file", loaded.Options.Hub.DeviceId);
        Assert.StartsWith("Node:Hub:ModelId:File:", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Empty(loaded.Warnings);
    }

    [Fact]
    public void A_later_layer_wins_and_its_source_is_known()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), """{"Node":{"Http":{"Port":1111},"DoWorkInterval":"1s"}}""");
        var faults = new List<string>();

        IConfigurationRoot configuration = ConfigurationLayers.Build(folder.Path, "Production", [KeyValuePair.Create<string, string?>("Node__Http__Port", "2222")], faults);

        Assert.Empty(faults);
        Assert.Equal("2222", configuration["Node:Http:Port"]);
        Assert.Equal("command line", ConfigurationLayers.SourceOf(configuration, "Node:Http:Port"));
        Assert.Equal("appsettings.json", ConfigurationLayers.SourceOf(configuration, "Node:DoWorkInterval"));
        Assert.Equal("default", ConfigurationLayers.SourceOf(configuration, "Node:Bus:Provider"));
    }

    [Fact]
    public void A_settings_file_that_is_no_json_is_a_fault_and_no_crash()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), "{ nonsense");
        var faults = new List<string>();

        ConfigurationLayers.Build(folder.Path, "Production", [], faults);

        Assert.Contains("appsettings.json", Assert.Single(faults), StringComparison.Ordinal);
    }

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))).Build();

    private static LoadedConfiguration Load(params (string Key, string Value)[] settings) => Load(Configuration(settings));

    private static LoadedConfiguration Load(IConfiguration configuration) => NodeOptionsReader.Read(configuration, AppContext.BaseDirectory);
}
