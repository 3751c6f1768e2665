using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Host.Sensing;

/// <summary>What is plausible of each quantity: as it is written in the twin, and as it was understood.</summary>
/// <param name="Json">The map of limits by quantity, without nulls; not to be changed.</param>
internal sealed record RangeMap(JsonObject Json)
{
    public static readonly RangeMap None = new([]);

    private readonly Dictionary<string, ValueMonitorSettings> _settings = new(StringComparer.Ordinal);

    /// <summary>The limits of a quantity; none when the map does not name it.</summary>
    public ValueMonitorSettings this[string quantity] => _settings.GetValueOrDefault(quantity) ?? new ValueMonitorSettings();

    /// <summary>The configured limits.</summary>
    public static RangeMap Of(IReadOnlyDictionary<string, QuantityOptions> quantities)
    {
        var ranges = new RangeMap([]);
        foreach ((string name, QuantityOptions options) in quantities)
        {
            JsonObject written = Written(options.Plausible);
            ranges._settings[name] = options.Plausible;
            if (written.Count > 0)
            {
                ranges.Json[name] = written;
            }
        }

        return ranges;
    }

    /// <summary>Reads a twin's map; a quantity that it does not name has no limits.</summary>
    /// <param name="map">Limits by quantity, such as <c>{"temperature":{"min_value":-10,"stuck_after":"1h"}}</c>.</param>
    /// <param name="known">The quantities that the sensor has.</param>
    /// <param name="faults">Receives one text for each fault. Any fault makes the result unusable.</param>
    public static RangeMap Read(JsonObject map, IReadOnlyList<string> known, ICollection<string> faults)
    {
        using var document = JsonDocument.Parse(map.ToJsonString());
        var ranges = new RangeMap(map);
        foreach (JsonProperty quantity in document.RootElement.EnumerateObject())
        {
            if (known.Contains(quantity.Name, StringComparer.Ordinal))
            {
                var open = new Quantity(quantity.Name, "", double.NegativeInfinity, double.PositiveInfinity);
                ranges._settings[quantity.Name] = ValueMonitorSettings.Read(quantity.Value, $"ranges.{quantity.Name}", open, faults);
            }
            else
            {
                faults.Add($"ranges: '{quantity.Name}' is no quantity of this sensor; known are {string.Join(", ", known)}");
            }
        }

        return ranges;
    }

    private static JsonObject Written(ValueMonitorSettings plausible)
    {
        var json = new JsonObject();
        Add(json, "min_value", double.IsFinite(plausible.Minimum) ? plausible.Minimum : null);
        Add(json, "max_value", double.IsFinite(plausible.Maximum) ? plausible.Maximum : null);
        Add(json, "stuck_readings", plausible.StuckReadings);
        Add(json, "stuck_after", plausible.StuckAfter is { } after ? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds}s") : null);
        Add(json, "stuck_tolerance", plausible.StuckTolerance > 0 ? plausible.StuckTolerance : null);
        return json;
    }

    private static void Add(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
