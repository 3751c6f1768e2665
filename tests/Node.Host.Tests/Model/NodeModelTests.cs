using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Host.Model;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Drivers;

namespace Node.Host.Tests.Model;

public sealed class NodeModelTests(DtdlParser parser) : IClassFixture<DtdlParser>
{
    public static TheoryData<string> Chips => [.. SensorCatalog.Chips.Select(chip => chip.Name)];

    [Fact]
    public async Task Microsofts_parser_accepts_the_model_of_every_chip_and_actuator_kind()
    {
        Assert.SkipWhen(parser.Missing is not null, parser.Missing ?? "");
        var models = new JsonObject
        {
            ["every kind"] = Json(NodeModel.Of(Everything())),
            ["nothing"] = Json(NodeModel.Of(Read())),
            ["pin"] = Json(NodeModel.Of(Read(("Actuators:led:Pin", "17")))),
            ["pwm"] = Json(NodeModel.Of(Read(("Actuators:fan:Kind", "Pwm")))),
        };
        foreach (SensorChip chip in SensorCatalog.Chips)
        {
            models[chip.Name] = Json(NodeModel.Of(Read([("Sensors:one:Chip", chip.Name), .. Required(chip, "one", 22)])));
        }

        JsonObject verdicts = await DtdlParser.JudgeAsync(models);

        Assert.Equal(models.Count, verdicts.Count);
        Assert.All(verdicts, verdict => Assert.True(verdict.Value is null, $"{verdict.Key}: {verdict.Value}"));
    }

    [Fact]
    public async Task Microsofts_parser_refuses_what_is_wrong()
    {
        Assert.SkipWhen(parser.Missing is not null, parser.Missing ?? "");
        JsonObject interfaceWithArray = Dtdl.Interface("Bad", "An array in a property.", [Dtdl.Property("list", Dtdl.Array("string"), true, "Not allowed in version 2.")]);
        JsonObject withUnit = Dtdl.Interface("Bad", "A unit that is none.", [Dtdl.Telemetry("co2", "double", "ppm", ("Density", "partsPerMillion"))]);

        JsonObject verdicts = await DtdlParser.JudgeAsync(new JsonObject
        {
            ["array"] = new JsonArray(ModelInterface.Create("Bad", interfaceWithArray).Json.DeepClone()),
            ["unit"] = new JsonArray(ModelInterface.Create("Bad", withUnit).Json.DeepClone()),
        });

        Assert.All(verdicts, verdict => Assert.NotNull(verdict.Value));
    }

    [Theory]
    [MemberData(nameof(Chips))]
    public void A_chips_interface_declares_each_quantity_as_telemetry(string chip)
    {
        NodeOptions options = Read([("Sensors:one:Chip", chip), .. Required(SensorCatalog.Chips.First(known => known.Name == chip), "one", 22)]);

        JsonObject declared = InterfaceOf(NodeModel.Of(options), "one");

        Assert.Equal([.. options.Sensors[0].Measured.Select(quantity => quantity.Name), "quality", "alarm", "readings"], NamesOf(declared, "Telemetry"));
        Assert.NotEmpty(options.Sensors[0].Measured);
    }

    [Fact]
    public void No_property_of_any_interface_holds_an_array()
    {
        foreach (ModelInterface one in NodeModel.Of(Everything()).All)
        {
            Assert.All(one.Json["contents"]!.AsArray().Where(content => (string?)content!["@type"]?.ToString() == "Property"),
                property => Assert.DoesNotContain("\"Array\"", property!.ToJsonString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_same_kind_has_the_same_interface_on_every_node_and_other_options_have_another()
    {
        NodeModel first = NodeModel.Of(Read(("Sensors:inside:Chip", "BME280"), ("Sensors:outside:Chip", "BME280"), ("Sensors:outside:Address", "0x77")));
        NodeModel second = NodeModel.Of(Read(("Sensors:cellar:Chip", "BME280"), ("Sensors:cellar:Interval", "1h"), ("Actuators:led:Pin", "4")));
        NodeModel ranged = NodeModel.Of(Read(("Sensors:adc:Chip", "ADS1115"), ("Sensors:adc:Options:Inputs", "Ain0, Ain1")));
        NodeModel plain = NodeModel.Of(Read(("Sensors:adc:Chip", "ADS1115")));

        string[] ids = [ComponentId(first, "inside"), ComponentId(first, "outside"), ComponentId(second, "cellar")];
        Assert.Single(ids.Distinct());
        Assert.Equal(3, first.All.Count()); // The node, the chip once, device information.
        Assert.NotEqual(first.Root.Id, second.Root.Id);
        Assert.Equal(ComponentId(plain, "adc").Split(';')[0], ComponentId(ranged, "adc").Split(';')[0]);
    }

    [Fact]
    public void The_id_follows_from_what_the_node_has_and_not_from_order_or_values()
    {
        string id = NodeModel.Of(Read(("Sensors:a:Chip", "BME280"), ("Sensors:b:Chip", "SHT31"), ("Actuators:c:Pin", "4"))).Root.Id;

        Assert.Equal(id, NodeModel.Of(Read(("Actuators:c:Pin", "5"), ("Sensors:b:Chip", "SHT31"), ("Sensors:b:Interval", "9s"), ("Sensors:a:Chip", "bme280"))).Root.Id);
        Assert.NotEqual(id, NodeModel.Of(Read(("Sensors:a:Chip", "BME280"), ("Sensors:d:Chip", "SHT31"), ("Actuators:c:Pin", "4"))).Root.Id);
        Assert.Matches("^dtmi:com:sensornode:Node_[0-9a-f]{8};[1-9][0-9]{0,8}$", id);
    }

    [Fact]
    public void A_repository_has_it_in_lower_case_by_its_id()
    {
        ModelInterface one = ModelInterface.WithId("dtmi:com:example:Thermo_1:Stat;12", []);

        Assert.Equal("dtmi/com/example/thermo_1/stat-12.json", one.RepositoryPath);
    }

    [Fact]
    public void Every_property_of_the_twin_is_declared_and_every_declared_one_is_there()
    {
        using TestNode node = TestNode.With(null, [new ActuatorOptions { Name = "led", Pin = 17 }, new ActuatorOptions { Name = "fan", Kind = ActuatorOptions.PwmKind }]);
        node.Connect();
        NodeModel model = NodeModel.Of(node.Options);
        JsonObject reported = node.Client.Reported[0];

        Assert.Equal(Sorted(PropertyTable.Node.Where(row => row.IsWritable)), Acknowledged(reported));
        Assert.Equal(Sorted(PropertyTable.Sensor.Where(row => row.IsWritable)), Acknowledged(reported["climate"]!.AsObject()));
        Assert.Equal(Sorted(PropertyTable.Actuator.Where(row => row.IsWritable)), Acknowledged(reported["led"]!.AsObject()));
        foreach ((string component, string[] notNow) in new (string, string[])[] { ("climate", ["alarms"]), ("led", ["fault", "disarmed"]), ("fan", ["fault", "disarmed"]) })
        {
            IEnumerable<string> shown = reported[component]!.AsObject().Select(pair => pair.Key).Where(key => key != "__t");
            Assert.Equal(NamesOf(InterfaceOf(model, component), "Property").Except(notNow).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Every_method_that_is_answered_is_declared_and_every_declared_one_is_answered()
    {
        using TestNode node = TestNode.With(null, [new ActuatorOptions { Name = "led", Pin = 17 }]);
        node.Connect();
        NodeModel model = NodeModel.Of(node.Options);

        MethodResponse unknown = node.Client.Call("no such", "");

        string[] known = ((string)JsonNode.Parse(unknown.Payload.Span)!["error"]!).Split("known are ")[1].Split(", ");
        string[] declared =
        [
            .. NamesOf(model.Root.Json, "Command"),
            .. ((IEnumerable<string>)["climate", "led"]).SelectMany(component => NamesOf(InterfaceOf(model, component), "Command").Select(command => $"{component}*{command}")),
        ];
        Assert.Equal(declared.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
    }

    internal static NodeOptions Read(params (string Key, string Value)[] settings)
    {
        LoadedConfiguration loaded = NodeOptionsReader.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>($"Node:{setting.Key}", setting.Value))).Build(), AppContext.BaseDirectory);
        Assert.Empty(loaded.Faults);
        return loaded.Options;
    }

    /// <summary>A node with one of each chip and each kind of actuator.</summary>
    private static NodeOptions Everything()
    {
        var settings = new List<(string, string)> { ("Actuators:led:Pin", "4"), ("Actuators:fan:Kind", "Pwm"), ("Sensors:tmp102:Address", "0x49") };
        foreach ((int index, SensorChip chip) in SensorCatalog.Chips.Index())
        {
            string name = string.Concat(chip.Name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
            settings.Add(($"Sensors:{name}:Chip", chip.Name));
            settings.AddRange(Required(chip, name, 10 + index));
            if (chip.Bus == SensorBus.Spi)
            {
                settings.Add(($"Sensors:{name}:ChipSelect", $"{index}"));
            }
        }

        return Read([.. settings]);
    }

    private static IEnumerable<(string, string)> Required(SensorChip chip, string name, int pin) =>
        chip.Options.Where(option => option.IsRequired).Select(option => ($"Sensors:{name}:Options:{option.Name}", $"{pin}"));

    private static JsonArray Json(NodeModel model) => new([.. model.All.Select(one => one.Json.DeepClone())]);

    private static string ComponentId(NodeModel model, string component) =>
        (string)model.Root.Json["contents"]!.AsArray().First(content => (string?)content!["name"] == component)!["schema"]!;

    private static JsonObject InterfaceOf(NodeModel model, string component) => model.Others.First(one => one.Id == ComponentId(model, component)).Json;

    private static IEnumerable<string> NamesOf(JsonObject declared, string type) => declared["contents"]!.AsArray()
        .Where(content => content!["@type"] is JsonArray types ? types.Any(one => (string?)one == type) : (string?)content["@type"] == type)
        .Select(content => (string)content!["name"]!);

    private static IEnumerable<string> Sorted(IEnumerable<PropertyRow> rows) => rows.Select(row => row.Name).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Acknowledged(JsonObject part) =>
        part.Where(pair => pair.Value is JsonObject value && value.ContainsKey("ac")).Select(pair => pair.Key).Order(StringComparer.Ordinal);
}
