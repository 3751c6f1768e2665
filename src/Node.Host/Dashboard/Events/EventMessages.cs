using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.Host.Logging;
using Node.Host.Sensing;

namespace Node.Host.Dashboard.Events;

/// <summary>
/// States in ESPHome's shape, <c>{"id":"sensor-…","name":…,"state":"21.1 °C","value":21.1}</c>, and what this node knows beyond it.
/// </summary>
internal sealed class EventMessages(string title, SensorArray sensors, ActuatorBank actuators)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What every heartbeat says.</summary>
    public string Ping() => Text(new JsonObject { ["title"] = title, ["comment"] = "", ["ota"] = false, ["log"] = true, ["lang"] = "en" });

    /// <summary>The state of every quantity that was read, and of every actuator.</summary>
    public IEnumerable<string> States() => sensors.Channels.SelectMany(Values).Concat(actuators.Channels.Select(Switch));

    /// <summary>The states of a sensor's quantities; none before its first reading.</summary>
    public static IEnumerable<string> Values(SensorChannel sensor) =>
        (sensor.Status.Reading?.Values ?? []).Select(value => Text(Value(sensor, value)));

    /// <summary>A quantity's state.</summary>
    public static JsonObject Value(SensorChannel sensor, JudgedValue value)
    {
        double? shown = value.Shown;
        string number = shown is { } known ? known.ToString("F" + value.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "NA";
        return new JsonObject
        {
            ["id"] = $"sensor-{IdOf(sensor, value)}",
            ["name"] = $"{sensor.Name} {value.Quantity.Name}",
            ["state"] = shown is null ? number : $"{number} {UnitSymbol.Of(value.Quantity.Unit)}".TrimEnd(),
            ["value"] = shown,
            ["sensor"] = sensor.Name,
            ["quantity"] = value.Quantity.Name,
            ["unit"] = value.Quantity.Unit,
            ["raw"] = double.IsFinite(value.ShownRaw) ? value.ShownRaw : null,
            ["quality"] = QualityName.Of(sensor.Status.Quality == Quality.Stale ? Quality.Stale : value.Quality),
            ["at"] = sensor.Status.ReadAt?.ToUnixTimeMilliseconds() / 1000.0,
        };
    }

    /// <summary>The id under which <c>GET /sensor/{id}</c> finds a quantity.</summary>
    public static string IdOf(SensorChannel sensor, JudgedValue value) => $"{sensor.Name}_{value.Quantity.Name}";

    public static string Switch(ActuatorChannel actuator)
    {
        bool? on = actuator.IsOn;
        return Text(new JsonObject { ["id"] = $"switch-{actuator.Name}", ["name"] = actuator.Name, ["value"] = on, ["state"] = on switch { true => "ON", false => "OFF", _ => "NA" } });
    }

    public static string Log(LogEntry entry) => Text(new JsonObject
    {
        ["at"] = entry.At.ToUnixTimeMilliseconds() / 1000.0,
        ["level"] = entry.Severity,
        ["category"] = entry.Category,
        ["text"] = entry.Text,
    });

    public static string Text(JsonObject json) => json.ToJsonString(Relaxed);
}
