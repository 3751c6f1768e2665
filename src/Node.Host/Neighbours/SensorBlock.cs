using System.Collections.Concurrent;
using System.Text.Json;
using Node.Host.Sensing;
using Node.Sensors.Drivers;

namespace Node.Host.Neighbours;

/// <summary>
/// The newest readings in the shape of balena's sensor block: <c>[{"measurement":"bme280","fields":{"temperature":21.1,"pressure":1003.2}}]</c>. A measurement is
/// named after its chip, a second one of the same chip after its sensor too. Sensors that cannot be read are left out. Any thread.
/// </summary>
internal sealed class SensorBlock(SensorArray sensors)
{
    private const string Kilopascal = "kilopascal";
    private const double HectopascalsPerKilopascal = 10; // What the block publishes.

    private readonly ConcurrentDictionary<(string Sensor, string Quantity), double> _last = new();

    /// <summary>Begins to listen. Once.</summary>
    public void Follow()
    {
        foreach (SensorChannel sensor in sensors.Channels)
        {
            sensor.Read += Take;
        }
    }

    /// <summary>The readings as UTF-8 JSON; an empty list before the first.</summary>
    public byte[] Json()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (SensorChannel sensor in sensors.Channels.Where(sensor => sensor.Status is { State: SensorState.Ok, Reading: not null }))
            {
                Write(json, sensor);
            }

            json.WriteEndArray();
        }

        return buffer.ToArray();
    }

    /// <summary>The last value that went out, in the quantity's own unit; null before the first.</summary>
    public double? Last(SensorChannel sensor, Quantity quantity) => _last.TryGetValue((sensor.Name, quantity.Name), out double last) ? last : null;

    /// <summary>Remembers what goes out: a value that a filter holds back leaves the last one standing.</summary>
    private void Take(SensorChannel sensor, JudgedReading reading)
    {
        foreach (JudgedValue value in reading.Values)
        {
            if (value.Shown is { } shown)
            {
                _last[(sensor.Name, value.Quantity.Name)] = shown;
            }
        }
    }

    private void Write(Utf8JsonWriter json, SensorChannel sensor)
    {
        json.WriteStartObject();
        json.WriteString("measurement", MeasurementOf(sensor));
        json.WriteStartObject("fields");
        foreach (JudgedValue value in sensor.Status.Reading!.Values)
        {
            if (Last(sensor, value.Quantity) is { } last)
            {
                json.WriteNumber(value.Quantity.Name, value.Quantity.Unit == Kilopascal ? Math.Round(last * HectopascalsPerKilopascal, value.Decimals) : last);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string MeasurementOf(SensorChannel sensor)
    {
        string chip = string.Concat(sensor.Options.Chip.Where(char.IsLetterOrDigit)).ToLowerInvariant();
        bool isFirst = sensors.Channels.First(other => other.Options.Chip == sensor.Options.Chip) == sensor;
        return isFirst ? chip : $"{chip}_{sensor.Name}";
    }
}
