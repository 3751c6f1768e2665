using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Sensors.Drivers;

namespace Node.Host.Model;

/// <summary>
/// The node's Plug and Play model (DTDL v2), made from its configuration: one interface for the node, one for each kind of sensor and
/// actuator, each with an id that follows from its content.
/// </summary>
/// <param name="Root">The node's own interface; its id is announced to the hub.</param>
/// <param name="Others">The interfaces of its components, each once.</param>
internal sealed record NodeModel(ModelInterface Root, IReadOnlyList<ModelInterface> Others)
{
    /// <summary>The root first.</summary>
    public IEnumerable<ModelInterface> All => [Root, .. Others];

    public static NodeModel Of(NodeOptions options)
    {
        List<(string Name, ModelInterface Interface)> components =
        [
            .. options.Sensors.Select(sensor => (sensor.Name, OfSensor(sensor))),
            .. options.Actuators.Select(actuator => (actuator.Name, OfActuator(actuator))),
            (ComponentName.DeviceInformation, DeviceInformationModel.Create()),
        ];
        components.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name)); // The order of configuration keys says nothing.
        JsonObject root = Dtdl.Interface("Sensor node", "Reads sensors, works actuators and sends every reading.",
        [
            .. PropertyTable.Node.Select(row => row.ToDtdl()),
            .. CommandTable.OfNode([.. options.Sensors.Select(sensor => sensor.Chip).Order(StringComparer.Ordinal)], options.Actuators.Count > 0, options.Bus.Provider == BusProviderKind.Emulated)
                .OrderBy(command => (string)command["name"]!, StringComparer.Ordinal),
            .. components.Select(component => Dtdl.Component(component.Name, component.Interface.Id)),
        ]);
        return new NodeModel(
            ModelInterface.Create("Node", root, isOneOfMany: true),
            [.. components.Select(component => component.Interface).DistinctBy(one => one.Id)]);
    }

    /// <summary>The interface of a sensor: that of its chip with its options, the same on every node.</summary>
    private static ModelInterface OfSensor(SensorOptions sensor)
    {
        SensorCatalog.TryFind(sensor.Chip, out SensorChip? chip);
        return ModelInterface.Create(sensor.Chip, Dtdl.Interface(sensor.Chip, chip?.Description ?? sensor.Chip,
        [
            .. sensor.Measured.Select(quantity => Dtdl.Telemetry(quantity.Name, "double", $"Unit: {quantity.Unit}.", Semantics.Of(quantity))),
            Dtdl.Telemetry("quality", Dtdl.Map("quantity", "string"), "Values of this message that are not to be believed: stale, stuck or outOfRange."),
            Dtdl.Telemetry("alarm", Alarm(), "A threshold was crossed, or the value is back."),
            Dtdl.Telemetry("readings", Dtdl.Array(BatchedReading(sensor.Measured)), "Several readings in one message, oldest first (property batchCount)."),
            .. PropertyTable.Sensor.Where(row => !row.IsForVibration || CommandTable.IsVibration(sensor.Chip)).Select(row => row.ToDtdl()),
            .. CommandTable.OfSensor(sensor.Chip, sensor.Measured),
        ]));
    }

    private static JsonObject Alarm() => Dtdl.Object(
        ("threshold", "string"), ("quantity", "string"), ("state", Dtdl.Enum("raised", "cleared")), ("cause", Dtdl.Enum("crossed", "returned", "operator", "removed")),
        ("value", "double"), ("limit", "double"), ("since", "dateTime"), ("forSeconds", "double"), ("drive", Dtdl.Object(("actuator", "string"), ("outcome", "string"))));

    private static JsonObject BatchedReading(IReadOnlyList<Quantity> quantities) => Dtdl.Object(
        ("id", "string"), ("seq", "long"), ("time", "dateTime"), ("timeSynced", "boolean"), ("quality", "string"),
        ("values", Dtdl.Object([.. quantities.Select(quantity => (quantity.Name, (JsonNode)"double")), ("quality", Dtdl.Map("quantity", "string"))])));

    private static ModelInterface OfActuator(ActuatorOptions actuator) => ModelInterface.Create(actuator.Kind, Dtdl.Interface(
        actuator.Kind, actuator.IsPwm ? "An output with levels between off and on." : "An output that is on or off.",
        [
            .. PropertyTable.Actuator.Where(row => actuator.IsPwm || !row.IsForPwm).Select(row => row.ToDtdl()),
            .. CommandTable.OfActuator(actuator.IsPwm),
        ]));
}
