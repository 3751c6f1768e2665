using System.Text;
using System.Text.Json;
using Node.Host.Dashboard;
using Node.Host.Sensing;
using Node.Sensors.Drivers;

namespace Node.Host.Neighbours;

/// <summary>
/// The node as Home Assistant's MQTT discovery has it (home-assistant.io, "MQTT" and "MQTT Sensor"): each quantity is a sensor that announces itself in
/// <c>{prefix}/sensor/{node}/{sensor}_{quantity}/config</c> with its state in <c>sensornode/{node}/{sensor}</c>, and is available while both the node, whose
/// last will says <c>offline</c>, and its chip are. One caller at a time.
/// </summary>
internal sealed class HomeAssistant(string prefix, string deviceName, string version, SensorArray sensors, SensorBlock block)
{
    private const string Online = "online";
    private const string Offline = "offline";

    private readonly string _node = string.Concat(deviceName.Select(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' ? each : '_')); // What a topic's level may hold there.
    private readonly Dictionary<string, bool> _told = [];

    /// <summary>What the broker tells the others when the node is gone without a farewell.</summary>
    public LocalMessage Will => Status(Offline);

    /// <summary>What is told once for each connection: every sensor, and that the node is there.</summary>
    public IEnumerable<LocalMessage> Announcements()
    {
        _told.Clear();
        return
        [
            .. sensors.Channels.SelectMany(sensor => sensor.Options.Measured.Select(quantity =>
                new LocalMessage($"{prefix}/sensor/{_node}/{sensor.Name}_{quantity.Name}/config", Config(sensor, quantity), Retain: true))),
            Status(Online),
        ];
    }

    /// <summary>The newest readings, and which chips have begun or ceased to answer.</summary>
    public IEnumerable<LocalMessage> States()
    {
        foreach (SensorChannel sensor in sensors.Channels)
        {
            bool isThere = sensor.Setting.Enabled && sensor.Status.State == SensorState.Ok;
            if (!_told.TryGetValue(sensor.Name, out bool before) || before != isThere)
            {
                _told[sensor.Name] = isThere;
                yield return new LocalMessage(StatusTopic(sensor), Encoding.UTF8.GetBytes(isThere ? Online : Offline), Retain: true);
            }

            if (isThere)
            {
                yield return new LocalMessage(StateTopic(sensor), State(sensor), Retain: false);
            }
        }
    }

    private LocalMessage Status(string status) => new($"sensornode/{_node}/status", Encoding.UTF8.GetBytes(status), Retain: true);

    private string StateTopic(SensorChannel sensor) => $"sensornode/{_node}/{sensor.Name}";

    private string StatusTopic(SensorChannel sensor) => $"{StateTopic(sensor)}/status";

    private byte[] State(SensorChannel sensor) => Write(json =>
    {
        foreach (Quantity quantity in sensor.Options.Measured)
        {
            if (block.Last(sensor, quantity) is { } value)
            {
                json.WriteNumber(quantity.Name, value);
            }
            else
            {
                json.WriteNull(quantity.Name); // Its template makes None of it, which is unknown.
            }
        }
    });

    private byte[] Config(SensorChannel sensor, Quantity quantity) => Write(json =>
    {
        json.WriteString("name", $"{sensor.Name} {quantity.Name}");
        json.WriteString("unique_id", $"{_node}_{sensor.Name}_{quantity.Name}");
        json.WriteString("state_topic", StateTopic(sensor));
        json.WriteString("value_template", $"{{{{ value_json.{quantity.Name} }}}}");
        json.WriteString("state_class", "measurement");
        if (DeviceClass(quantity) is { } deviceClass)
        {
            json.WriteString("device_class", deviceClass);
        }

        if (UnitSymbol.Of(quantity.Unit) is { Length: > 0 } unit)
        {
            json.WriteString("unit_of_measurement", unit);
        }

        json.WriteNumber("suggested_display_precision", sensor.Options.Quantities.GetValueOrDefault(quantity.Name)?.Decimals ?? QuantityDecimals.Of(quantity));
        WriteAvailability(json, sensor);
        WriteDevice(json);
    });

    private void WriteAvailability(Utf8JsonWriter json, SensorChannel sensor)
    {
        json.WriteStartArray("availability");
        foreach (string topic in (string[])[Will.Topic, StatusTopic(sensor)])
        {
            json.WriteStartObject();
            json.WriteString("topic", topic);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("availability_mode", "all");
    }

    private void WriteDevice(Utf8JsonWriter json)
    {
        json.WriteStartObject("device");
        json.WriteStartArray("identifiers");
        json.WriteStringValue($"sensornode_{_node}");
        json.WriteEndArray();
        json.WriteString("name", deviceName);
        json.WriteString("model", "SensorNode");
        json.WriteString("sw_version", version);
        json.WriteEndObject();
        json.WriteStartObject("origin");
        json.WriteString("name", "sensornode");
        json.WriteString("sw_version", version);
        json.WriteEndObject();
    }

    /// <summary>Home Assistant's word for what is measured; null where it has none for it in this unit.</summary>
    private static string? DeviceClass(Quantity quantity) => quantity.Unit switch
    {
        "degreeCelsius" => "temperature",
        "percent" when quantity.Name == "humidity" => "humidity",
        "kilopascal" => "pressure",
        "lux" => "illuminance",
        "partsPerMillion" when quantity.Name == "carbonDioxide" => "carbon_dioxide",
        "volt" => "voltage",
        "hertz" => "frequency",
        "second" => "duration",
        "mebibyte" => "data_size",
        "bitPerSecond" => "data_rate",
        "decibelMilliwatt" => "signal_strength",
        _ => null,
    };

    private static byte[] Write(Action<Utf8JsonWriter> content)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
