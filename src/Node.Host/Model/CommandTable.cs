using System.Text.Json.Nodes;
using Node.Host.Methods;
using Node.Host.Twin;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Host.Model;

/// <summary>The commands as the model declares them: names, payloads and answers are those of the methods in docs/methods.md.</summary>
internal static class CommandTable
{
    private const string Id = Payload.CommandId;

    private static readonly string[] SwitchingNames = ["setState", "toggle", "pulse", "arm"];

    /// <summary>The commands of a component that is this chip.</summary>
    public static IEnumerable<JsonObject> OfSensor(string chip, IReadOnlyList<Quantity> quantities) =>
    [
        .. SensorMethods.CommandsOf(chip).Select(command => OfChip(command, quantities)),
        Dtdl.Command("clearAlarm", "Ends a latched alarm whose value is back behind its limit.", Dtdl.Object(("threshold", "string"), (Id, "string")),
            Dtdl.Object(("state", Dtdl.Enum("normal", "raised")), ("since", "dateTime"), ("value", "double"), ("drive", "string"))),
        .. IsVibration(chip)
            ? [Dtdl.Command("capture", "Records every sample into a file and uploads it; how it goes is in the property captureProgress.",
                Dtdl.Object(("duration", "duration"), (Id, "string")), Dtdl.Object(("seconds", "double")))]
            : (JsonObject[])[],
    ];

    /// <summary>Whether the chip's samples can be captured.</summary>
    public static bool IsVibration(string chip) => chip.Equals(CaptureMethod.Chip, StringComparison.OrdinalIgnoreCase);

    private static JsonObject OfChip(string command, IReadOnlyList<Quantity> quantities) => command switch
    {
        "readNow" => Dtdl.Command(command, "Takes a reading now; it is stored and sent as well.", null, Reading(quantities)),
        "selfTest" => Dtdl.Command(command, "Lets the chip test itself.", null, Dtdl.Object(("passed", "boolean"))),
        _ => Dtdl.Command(command, "Tells the chip the carbon dioxide now, in ppm, 400 to 2000.", Dtdl.Object(("co2", "double"), (Id, "string")), Dtdl.Object(("correction", "double"))),
    };

    /// <summary>The commands of an actuator's component.</summary>
    public static IEnumerable<JsonObject> OfActuator(bool isPwm) =>
    [
        Dtdl.Command("setState", "Switches it, within its safety limits.", Dtdl.Object([("state", States()), .. Level(isPwm), (Id, "string")]), ActuatorState(isPwm)),
        Dtdl.Command("toggle", "Switches it to the other state.", null, ActuatorState(isPwm)),
        Dtdl.Command("pulse", "Switches it for a time; then it takes its fail-safe state.",
            Dtdl.Object([("duration", "duration"), ("state", Dtdl.Enum("on", "off")), .. Level(isPwm), (Id, "string")]), ActuatorState(isPwm)),
        Dtdl.Command("arm", "Allows switching again after a hub loss, a fault or a crash.", null, ActuatorState(isPwm)),
    ];

    /// <summary>Every name that a command of the root can have.</summary>
    public static IReadOnlyList<string> NamesOfNode { get; } = [.. OfNode(["SCD41"], hasActuators: true, isEmulated: true).Select(command => (string)command["name"]!)];

    /// <summary>The root's commands, those that name a sensor or an actuator in their payload as far as there is one.</summary>
    public static IEnumerable<JsonObject> OfNode(IReadOnlyList<string> chips, bool hasActuators, bool isEmulated) =>
    [
        .. chips.SelectMany(SensorMethods.CommandsOf).Distinct().Select(command => Dtdl.Command(
            command, "The sensors' command of this name; the payload names the sensor.",
            command == "calibrate" ? Dtdl.Object(("sensor", "string"), ("co2", "double"), (Id, "string")) : Dtdl.Object(("sensor", "string"), (Id, "string")), null)),
        .. hasActuators ? Switching() : [],
        .. isEmulated ? Faults() : [],
        Dtdl.Command("ping", "Answers with time, version and boot id.", null, Dtdl.Object(("time", "dateTime"), ("version", "string"), ("bootId", "string"))),
        Dtdl.Command("getDiagnostics", "Answers with the node's whole status.", null, null),
        Dtdl.Command("flushSpool", "Sends what is stored at once.", null, Dtdl.Object(("pending", "long"), ("unsent", "long"), ("lastDurableSequence", "long"))),
        Dtdl.Command("restart", "Stops the node in order; its supervisor starts it again.", null, Dtdl.Object(("restartInSeconds", "double"), ("exitCode", "integer"))),
        Dtdl.Command("exitSafeMode", "Ends safe mode: the next start is an ordinary one, and it comes at once.", null, Dtdl.Object(("restartInSeconds", "double"), ("exitCode", "integer"))),
        Dtdl.Command("identify", "Blinks an actuator, so that the node can be found.", Dtdl.Object(("duration", "duration"), (Id, "string")), null),
        Dtdl.Command("getLogs", "Answers with the newest log lines, filtered.",
            Dtdl.Object(("tail", "integer"), ("since", "string"), ("until", "string"), ("loglevel", "string"), ("regex", "string"), (Id, "string")),
            Dtdl.Object(("lines", Dtdl.Array("string")), ("truncated", "boolean"))),
        Dtdl.Command("setLogLevel", "Sets the level of the node's own log lines until the restart.",
            Dtdl.Object(("level", Dtdl.Enum(NodeProperties.Levels)), (Id, "string")), Dtdl.Object(("level", "string"))),
        Dtdl.Command("uploadDiagnostics", "Uploads a support bundle; how it goes is in the property diagnosticsUpload.", null, Dtdl.Object(("blob", "string"), ("bytes", "long"))),
    ];

    private static IEnumerable<JsonObject> Switching() => SwitchingNames.Select(command => Dtdl.Command(
        command, "The actuators' command of this name; the payload names the actuator.",
        command switch
        {
            "setState" => Dtdl.Object(("actuator", "string"), ("state", States()), ("level", "double"), (Id, "string")),
            "pulse" => Dtdl.Object(("actuator", "string"), ("duration", "duration"), ("state", Dtdl.Enum("on", "off")), ("level", "double"), (Id, "string")),
            _ => Dtdl.Object(("actuator", "string"), (Id, "string")),
        },
        ActuatorState(isPwm: true)));

    /// <summary>The commands of a node with emulated chips; the parts are those of a fault in docs/board-file.md.</summary>
    private static IEnumerable<JsonObject> Faults() =>
    [
        Dtdl.Command("injectFault", "Lets something go wrong with the emulated chips.",
            Dtdl.Object(
                ("kind", Dtdl.Enum([.. BoardFault.Kinds])), ("chip", "string"), ("i2cBus", "integer"), ("spiBus", "integer"), ("at", "duration"), ("for", "duration"),
                ("probability", "double"), ("errno", "integer"), ("byte", "integer"), ("direction", Dtdl.Enum("read", "write", "both")), ("id", "string"),
                ("stretch", "duration"), ("factor", "double"), ("quantity", "string"), ("perHour", "double"), ("end", Dtdl.Enum("high", "low")),
                ("until", Dtdl.Enum("pulses", "end")), (Id, "string")),
            Dtdl.Object(("faults", "integer"))),
        Dtdl.Command("clearFaults", "Ends what injectFault and the board file let go wrong.", null, Dtdl.Object(("cleared", "integer"))),
    ];

    private static JsonObject States() => Dtdl.Enum("on", "off", "safe");

    private static IEnumerable<(string, JsonNode)> Level(bool isPwm) => isPwm ? [("level", "double")] : [];

    private static JsonObject ActuatorState(bool isPwm) => Dtdl.Object([("state", Dtdl.Enum("on", "off", "unknown")), .. Level(isPwm), ("leaseSeconds", "double")]);

    private static JsonObject Reading(IReadOnlyList<Quantity> quantities) => Dtdl.Object(
        [.. quantities.Select(quantity => (quantity.Name, (JsonNode)"double")), ("quality", Dtdl.Map("quantity", "string")), ("filteredOut", "boolean")]);
}
