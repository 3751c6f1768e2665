using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Tests.Proofs;

/// <summary>What the node says that it is (its model) and what it does, held against each other both ways, with one of every chip and actuator.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class ModelTests
{
    private const int DoorPin = 22;

    private const string Board = """
        {
          "version": 1,
          "chips": [
            { "chip": "BME280", "address": "0x76" }, { "chip": "SHT31", "address": "0x44" }, { "chip": "BH1750", "address": "0x23" }, { "chip": "ADS1115", "address": "0x48" },
            { "chip": "TMP102", "address": "0x49" }, { "chip": "SCD41", "address": "0x62" }, { "chip": "MPU-6050", "address": "0x68" },
            { "chip": "ADXL345", "spi": 0, "select": 0 }, { "chip": "MCP3008", "spi": 0, "select": 1 }, { "chip": "ADXL345", "name": "machine", "spi": 1, "select": 0, "interruptPin": 25 }
          ],
          "surroundings": {
            "accelerationXG": { "sine": { "mean": 0, "amplitude": 0.5, "period": "170ms" } }, "accelerationYG": { "sine": { "mean": 0, "amplitude": 0.5, "period": "130ms" } },
            "accelerationZG": { "sine": { "mean": 1, "amplitude": 0.5, "period": "210ms" } }
          }
        }
        """;

    // Reported only while there is something to say; Node.Host.Tests shows each of them.
    private static readonly string[] AbsentInHealth = ["fault", "disarmed"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Sensors:outside:Chip"] = "SHT31",
        ["Sensors:light:Chip"] = "BH1750",
        ["Sensors:inputs:Chip"] = "ADS1115",
        ["Sensors:rack:Chip"] = "TMP102",
        ["Sensors:rack:Address"] = "0x49",
        ["Sensors:air:Chip"] = "SCD41",
        ["Sensors:motion:Chip"] = "MPU-6050",
        ["Sensors:tilt:Chip"] = "ADXL345",
        ["Sensors:ports:Chip"] = "MCP3008",
        ["Sensors:ports:ChipSelect"] = "1",
        ["Sensors:machine:Chip"] = "ADXL345Vibration",
        ["Sensors:machine:SpiBus"] = "1",
        ["Sensors:machine:Options:Pin"] = "25",
        ["Sensors:machine:Options:WindowLength"] = "64",
        ["Sensors:machine:Options:Rate"] = "Hz50", // A full FIFO takes over half a second, so that a busy machine loses nothing.
        ["Sensors:self:Chip"] = "Machine",
        ["Identify:Actuator"] = "led",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Two benches share the parts out: a pin is driven from outside on the rig's board, and only the node's own has PWM.</summary>
    [Theory]
    [InlineData("Remote")]
    [InlineData("Emulated")]
    public async Task Everything_that_the_node_emits_and_answers_is_declared_and_everything_declared_is_there(string busName)
    {
        BenchBus bus = Enum.Parse<BenchBus>(busName);
        using var folder = new TemporaryFolder("hilrig-proof-");
        string board = Path.Combine(folder.Path, "board.json");
        await File.WriteAllTextAsync(board, Board, Cancelled);
        Dictionary<string, string> settings = SettingsFor(bus, board);
        var options = new BenchOptions { Folder = folder.Path, Program = NodeProgram.Find(), Bus = bus, Board = board, NodeSettings = settings };
        await using EmulatedBench bench = await EmulatedBench.StartAsync(options, Cancelled);
        DeclaredModel model = await DeclaredModel.OfAsync(options.Program, settings, Cancelled);
        bench.StartNode();

        JsonObject twin = await TwinAsync(bench, twin => twin["modelId"]?.GetValue<string>() is { Length: > 0 });
        Assert.Equal(model.Id, (string)twin["modelId"]!);
        await MakeNewsAsync(bench, model);
        await PropertiesAgreeAsync(bench, model);
        await TelemetryAgreesAsync(bench, model);
        await CommandsAgreeAsync(bench, model);
    }

    private static Dictionary<string, string> SettingsFor(BenchBus bus, string board)
    {
        var settings = new Dictionary<string, string>(Settings);
        if (bus == BenchBus.Remote)
        {
            settings["Sensors:door:Chip"] = "GpioInput";
            settings["Sensors:door:Options:Pin"] = DoorPin.ToString(CultureInfo.InvariantCulture);
        }
        else
        {
            settings["Bus:Provider"] = "emulated"; // The model of a node with emulated chips has commands of its own.
            settings["Bus:EmulatedBoard"] = board;
            settings["Actuators:fan:Kind"] = "Pwm";
        }

        return settings;
    }

    /// <summary>Raises an alarm at each sensor, while its values are still believed, and captures a burst: both are told in telemetry and twin.</summary>
    private static async Task MakeNewsAsync(EmulatedBench bench, DeclaredModel model)
    {
        string[] sensors = [.. model.Components.Where(component => model.Writable(component).Contains("thresholds"))];
        await bench.Service.PatchDesiredAsync(
            bench.DeviceId, new JsonObject(sensors.Select(sensor => KeyValuePair.Create<string, JsonNode?>(sensor, new JsonObject { ["thresholds"] = AnyValue(model, sensor) }))), Cancelled);
        await TwinAsync(bench, twin => sensors.All(sensor => (string?)Reported(twin)[sensor]?["alarms"]?["any"]?["state"] == "raised"));
        string[] vibrating = [.. model.Components.Where(component => model.Of(component, "Command").Contains("capture"))];
        foreach (string sensor in vibrating)
        {
            MethodAnswer begun = await bench.Service.CallMethodAsync(bench.DeviceId, $"{sensor}*capture", JsonNode.Parse("\"PT0.1S\""), Patience, Cancelled);
            Assert.Equal(202, begun.Status);
        }

        await TwinAsync(bench, twin => vibrating.All(sensor => (string?)Reported(twin)[sensor]?["captureProgress"]?["state"] is "done" or "failed"));
    }

    private static async Task PropertiesAgreeAsync(EmulatedBench bench, DeclaredModel model)
    {
        JsonObject desired = Wanted(model, "");
        foreach (string component in model.Components)
        {
            JsonObject part = Wanted(model, component);
            if (part.Count > 0)
            {
                part["__t"] = "c";
                desired[component] = part;
            }
        }

        JsonObject patched = await bench.Service.PatchDesiredAsync(bench.DeviceId, desired, Cancelled);
        long version = PropertyAnswer.DesiredVersion(patched);
        await TwinAsync(bench, twin => (long?)Reported(twin)["lastDesiredVersion"] == version);
        await bench.Service.CallMethodAsync(bench.DeviceId, "uploadDiagnostics", null, Patience, Cancelled); // Its progress is a property too.
        JsonObject twin = await TwinAsync(bench, twin => (string?)Reported(twin)["diagnosticsUpload"]?["state"] is "done" or "failed");

        JsonObject reported = Reported(twin);
        Assert.Equal("in force", (string)reported["lastDesiredStatus"]!["description"]!);
        foreach (string component in (string[])["", .. model.Components])
        {
            JsonObject part = component.Length == 0 ? reported : reported[component]!.AsObject();
            IEnumerable<string> shown = part.Select(pair => pair.Key).Where(key => key is not ("__t" or "$metadata" or "$version") && (component.Length > 0 || !model.Components.Contains(key)));
            Assert.Equal(Sorted(model.Of(component, "Property").Except(AbsentInHealth)), Sorted(shown));
            Assert.All(model.Writable(component), name =>
                Assert.True((int?)part[name]?["ac"] == 200 && (long?)part[name]?["av"] == version, $"{component} {name}: {part[name]?.ToJsonString()}"));
        }
    }

    private static async Task TelemetryAgreesAsync(EmulatedBench bench, DeclaredModel model)
    {
        var seen = model.Components.ToDictionary(component => component, _ => new SortedSet<string>(StringComparer.Ordinal));
        long last = 0;
        bool high = false;
        string[] missing = [];
        long from = TimeProvider.System.GetTimestamp();
        do
        {
            high = !high;
            bench.Board?.Board.Gpio.Drive(DoorPin, high);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancelled);
            foreach (ReceivedTelemetry message in bench.Hub.Telemetry.After(last, 10_000))
            {
                last = message.SequenceNumber;
                using var body = JsonDocument.Parse(message.Body);
                seen[message.Annotations["dt-subject"]].UnionWith(Fields(body.RootElement));
            }

            missing = [.. model.Components.SelectMany(component => model.Of(component, "Telemetry").Except(seen[component]).Select(field => $"{component}.{field}"))];
        }
        while (missing.Length > 0 && TimeProvider.System.GetElapsedTime(from) < Patience && !bench.DiedByItself.IsCompleted);

        Assert.True(missing.Length == 0, $"never seen: {string.Join(", ", missing)}\n{string.Join('\n', bench.Log.Lines(40))}");
        Assert.All(model.Components, component => Assert.Equal(Sorted(model.Of(component, "Telemetry")), seen[component]));
    }

    /// <summary>The fields of a message, and those of the readings that it carries.</summary>
    private static IEnumerable<string> Fields(JsonElement body) => body.EnumerateObject().SelectMany(field => field.Name == "readings"
        ? field.Value.EnumerateArray().SelectMany(reading => reading.GetProperty("values").EnumerateObject()).Select(value => value.Name).Append(field.Name)
        : [field.Name]);

    private static async Task CommandsAgreeAsync(EmulatedBench bench, DeclaredModel model)
    {
        string[] every = [.. model.Components.Append("").SelectMany(component => model.Of(component, "Command")).Distinct().Where(command => command != "restart")];
        await Task.WhenAll(model.Components.Append("").Select(component => CommandsOfAsync(bench, model, component, every))); // A self-test takes ten seconds.
        Assert.Contains("restart", model.Of("", "Command"));
        MethodAnswer restart = await bench.Service.CallMethodAsync(bench.DeviceId, "restart", null, Patience, Cancelled);
        Assert.Equal(202, restart.Status);
        await bench.DiedByItself.WaitAsync(Patience, Cancelled);
    }

    private static async Task CommandsOfAsync(EmulatedBench bench, DeclaredModel model, string component, string[] every)
    {
        foreach (string command in every)
        {
            string name = component.Length == 0 ? command : $"{component}*{command}";
            MethodAnswer answer = await bench.Service.CallMethodAsync(bench.DeviceId, name, PayloadOf(component, command), Patience, Cancelled);
            bool declared = model.Of(component, "Command").Contains(command);
            Assert.True(declared == (answer.Status != 404) && answer.Status != 400, $"{name} is {(declared ? "" : "not ")}declared and answered with {answer.Status}: {answer.Payload?.ToJsonString()}");
        }
    }

    /// <summary>A value for each writable property, out of what the model says of it.</summary>
    private static JsonObject Wanted(DeclaredModel model, string component)
    {
        var wanted = new JsonObject();
        string? quantity = QuantityOf(model, component);
        foreach (string name in model.Writable(component))
        {
            wanted[name] = (name, model.SchemaOf(component, name)) switch
            {
                ("batchDelay", _) => "PT15S", // Long enough for two readings of the slowest.
                (_, "duration") => "PT1S",
                (_, "boolean") => true,
                (_, "string") => "",
                ("filters", _) => new JsonObject { [quantity!] = new JsonObject { ["10_offset"] = "0.5" } },
                ("ranges", _) => new JsonObject { [quantity!] = new JsonObject { ["min_value"] = 1e9 } }, // So that its quality is told.
                ("thresholds", _) => AnyValue(model, component),
                ("batchCount", _) => 2,
                ("batchBytes", _) => 65_536,
                ("compression", _) => "none",
                ("dailyBytes", _) => 0,
                ("spool", _) => new JsonObject { ["maxAge"] = "P7D" },
                ("logLevel", _) => "debug",
                (_, var schema) => throw new InvalidOperationException($"{component} {name}: the test has no value for the schema {schema}"),
            };
        }

        return wanted;
    }

    private static string? QuantityOf(DeclaredModel model, string component) =>
        model.Of(component, "Telemetry").FirstOrDefault(field => field is not ("quality" or "alarm" or "readings"));

    /// <summary>A threshold that every value is past.</summary>
    private static JsonObject AnyValue(DeclaredModel model, string component) => new()
    {
        ["any"] = new JsonObject { ["quantity"] = QuantityOf(model, component), ["above"] = -1_000_000 },
    };

    private static JsonNode? PayloadOf(string component, string command) => JsonNode.Parse((component, command) switch
    {
        ("", "selfTest") => """{"sensor":"motion"}""",
        ("", "calibrate") => """{"sensor":"air","co2":420}""",
        ("", "readNow") => """{"sensor":"climate"}""",
        ("", "setState") => """{"actuator":"led","state":"off"}""",
        ("", "pulse") => """{"actuator":"led","duration":"PT1S"}""",
        ("", "toggle" or "arm") => """{"actuator":"led"}""",
        (_, "setState") => """{"state":"off"}""",
        (_, "pulse") => """{"duration":"PT1S"}""",
        (_, "calibrate") => """{"co2":420}""",
        (_, "clearAlarm") => """{"threshold":"any"}""",
        ("", "injectFault") => """{"kind":"noAcknowledge","chip":"bme280","for":"PT1S"}""",
        (_, "setLogLevel") => """{"level":"information"}""",
        _ => "null",
    });

    private static async Task<JsonObject> TwinAsync(EmulatedBench bench, Func<JsonObject, bool> isReady)
    {
        JsonObject twin;
        long from = TimeProvider.System.GetTimestamp();
        while (!isReady(twin = await bench.Service.GetTwinAsync(bench.DeviceId, Cancelled)))
        {
            bool hopeless = bench.DiedByItself.IsCompleted || TimeProvider.System.GetElapsedTime(from) > Patience;
            Assert.False(hopeless, $"{twin.ToJsonString()}\n{string.Join('\n', bench.Log.Lines(40))}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancelled);
        }

        return twin;
    }

    private static JsonObject Reported(JsonObject twin) => twin["properties"]!["reported"]!.AsObject();

    private static IEnumerable<string> Sorted(IEnumerable<string> names) => names.Order(StringComparer.Ordinal);
}
