using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Sensing;

namespace Node.Host.Cli;

/// <summary>Readings as text, a line each, or as JSON: one object for a single round, one object a line while watching. Any thread.</summary>
internal sealed class ReadingPrinter(bool asJson, bool isWatching, NodeClock clock)
{
    private readonly Lock _gate = new();
    private readonly JsonObject _all = [];

    public void Print(SensorOptions sensor, JudgedReading reading)
    {
        lock (_gate)
        {
            if (!asJson)
            {
                Console.WriteLine($"{(isWatching ? Stamp() + "  " : "")}{Line(sensor, reading)}");
            }
            else if (isWatching)
            {
                Console.WriteLine(Framed(sensor, "values", Json(reading)).ToJsonString());
            }
            else
            {
                _all[sensor.Name] = Json(reading);
            }
        }
    }

    public void PrintFault(SensorOptions sensor, string reason)
    {
        lock (_gate)
        {
            NodeCommandLine.Refuse($"{sensor.Name}: {reason}", NodeCommandLine.Failed);
            if (asJson && isWatching)
            {
                Console.WriteLine(Framed(sensor, "fault", JsonValue.Create(reason)).ToJsonString());
            }
            else if (asJson)
            {
                _all[sensor.Name] = new JsonObject { ["fault"] = reason };
            }
        }
    }

    /// <summary>Prints the one object of a single round.</summary>
    public void End()
    {
        if (asJson && !isWatching)
        {
            Console.WriteLine(_all.ToJsonString());
        }
    }

    private static string Line(SensorOptions sensor, JudgedReading reading)
    {
        var line = new StringBuilder(sensor.Name);
        foreach (JudgedValue value in reading.Values)
        {
            string shown = value.Shown?.ToString(CultureInfo.InvariantCulture) ?? "held back";
            line.Append(CultureInfo.InvariantCulture, $"  {value.Quantity.Name} {shown} {value.Quantity.Unit}");
            if (value.Filtered != value.Raw)
            {
                line.Append(CultureInfo.InvariantCulture, $" (raw {value.ShownRaw})");
            }

            if (value.Quality != Quality.Good)
            {
                line.Append(CultureInfo.InvariantCulture, $" [{QualityName.Of(value.Quality)}]");
            }
        }

        return line.ToString();
    }

    private static JsonObject Json(JudgedReading reading)
    {
        var json = new JsonObject();
        foreach (JudgedValue value in reading.Values)
        {
            json[value.Quantity.Name] = new JsonObject
            {
                ["value"] = value.Shown,
                ["raw"] = value.ShownRaw,
                ["unit"] = value.Quantity.Unit,
                ["quality"] = QualityName.Of(value.Quality),
            };
        }

        return json;
    }

    private JsonObject Framed(SensorOptions sensor, string name, JsonNode? content) => new()
    {
        ["at"] = Stamp(),
        ["sensor"] = sensor.Name,
        [name] = content,
    };

    private string Stamp() => clock.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
