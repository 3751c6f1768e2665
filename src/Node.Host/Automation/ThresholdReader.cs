using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.Host.Configuration;

namespace Node.Host.Automation;

/// <summary>Reads one threshold, of the configuration (all texts) or of the twin, and names every fault with its place.</summary>
internal sealed class ThresholdReader(string path, string separator, IReadOnlyList<string> quantities, ICollection<string> faults)
{
    private const double GreatestValue = 1e12;
    private const string Allowed = "quantity, above or below, hysteresis, holdTime, latch, drive";

    private static readonly string[] Parts = ["quantity", "above", "below", "hysteresis", "holdTime", "latch", "drive"];

    /// <summary>Null when it has a fault, which was added.</summary>
    public Threshold? Read(string id, JsonNode value)
    {
        int before = faults.Count;
        if (!ComponentName.IsValid(id))
        {
            faults.Add($"{path}: '{id}' is no id; allowed are 1 to 64 letters, digits and underscores, beginning with a letter");
        }

        if (value is not JsonObject json)
        {
            faults.Add($"{path}: is no map of {Allowed}");
            return null;
        }

        Dictionary<string, JsonNode?> parts = Known(json, Parts, path, Allowed);
        double? above = Number(parts, "above", -GreatestValue);
        double? below = Number(parts, "below", -GreatestValue);
        var threshold = new Threshold(id, Quantity(parts), above is not null, above ?? below ?? 0)
        {
            Hysteresis = Number(parts, "hysteresis", 0) ?? 0,
            HoldTime = Hold(parts),
            Latch = Flag(parts, "latch"),
            Drive = parts.GetValueOrDefault("drive") is { } drive ? ReadDrive(drive) : null,
        };
        if (parts.ContainsKey("above") == parts.ContainsKey("below"))
        {
            faults.Add($"{path}: needs either above or below, the limit in the quantity's unit");
        }

        return faults.Count == before ? threshold : null;
    }

    /// <summary>The canonical form; what has its default is left out.</summary>
    public static JsonObject Write(Threshold threshold)
    {
        var json = new JsonObject { ["quantity"] = threshold.Quantity, [threshold.IsAbove ? "above" : "below"] = threshold.Limit };
        if (threshold.Hysteresis > 0) { json["hysteresis"] = threshold.Hysteresis; }

        if (threshold.HoldTime > TimeSpan.Zero) { json["holdTime"] = Duration.Format(threshold.HoldTime); }

        if (threshold.Latch) { json["latch"] = true; }

        if (threshold.Drive is { } drive) { json["drive"] = new JsonObject { ["actuator"] = drive.Actuator, ["state"] = OnOff.Text(drive.On) }; }

        return json;
    }

    private string Quantity(Dictionary<string, JsonNode?> parts)
    {
        string? text = Text(parts.GetValueOrDefault("quantity"));
        string? known = quantities.FirstOrDefault(quantity => quantity.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (known is null && (quantities.Count > 0 || text is null))
        {
            Refuse("quantity", parts.GetValueOrDefault("quantity"), string.Join(" or ", quantities));
        }

        return known ?? text ?? "";
    }

    private TimeSpan Hold(Dictionary<string, JsonNode?> parts)
    {
        if (parts.GetValueOrDefault("holdTime") is not { } value) { return TimeSpan.Zero; }

        string? text = Text(value) ?? (value.GetValueKind() == JsonValueKind.Number ? value.ToJsonString() + "s" : null);
        if (Duration.TryParse(text, out TimeSpan hold) && hold <= Threshold.LongestHold) { return hold; }

        Refuse("holdTime", value, $"a duration such as 10s, PT10S or a number of seconds, at most {Duration.Format(Threshold.LongestHold)}");
        return TimeSpan.Zero;
    }

    private ThresholdDrive? ReadDrive(JsonNode value)
    {
        if (value is not JsonObject json)
        {
            Refuse("drive", value, "a map of actuator and state");
            return null;
        }

        Dictionary<string, JsonNode?> parts = Known(json, ["actuator", "state"], $"{path}{separator}drive", "actuator and state");
        string? actuator = Text(parts.GetValueOrDefault("actuator"));
        string? state = Text(parts.GetValueOrDefault("state"))?.ToLowerInvariant() ?? "on";
        if (actuator is null) { Refuse($"drive{separator}actuator", parts.GetValueOrDefault("actuator"), "an actuator's name"); }

        if (state is not ("on" or "off")) { Refuse($"drive{separator}state", parts.GetValueOrDefault("state"), "on or off"); }

        return actuator is null ? null : new ThresholdDrive(actuator, state == "on");
    }

    private bool Flag(Dictionary<string, JsonNode?> parts, string name)
    {
        JsonNode? value = parts.GetValueOrDefault(name);
        switch (value?.GetValueKind())
        {
            case null or JsonValueKind.False:
                return false;
            case JsonValueKind.True:
                return true;
            default:
                if (bool.TryParse(Text(value), out bool flag)) { return flag; }

                Refuse(name, value, "true or false");
                return false;
        }
    }

    private double? Number(Dictionary<string, JsonNode?> parts, string name, double minimum)
    {
        if (parts.GetValueOrDefault(name) is not { } value) { return null; }

        bool understood = value.GetValueKind() == JsonValueKind.Number
            ? value.AsValue().TryGetValue(out double number)
            : double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        if (understood && number >= minimum && number <= GreatestValue) { return number; }

        Refuse(name, value, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {GreatestValue}"));
        return null;
    }

    /// <summary>The parts by their canonical names; an unknown one is a fault, a null counts as absent.</summary>
    private Dictionary<string, JsonNode?> Known(JsonObject json, string[] names, string place, string allowed)
    {
        var known = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in json)
        {
            if (names.FirstOrDefault(name => name.Equals(key, StringComparison.OrdinalIgnoreCase)) is not { } name)
            {
                faults.Add($"{place}: '{key}' is unknown; allowed are {allowed}");
            }
            else if (value is not null)
            {
                known[name] = value;
            }
        }

        return known;
    }

    private void Refuse(string part, JsonNode? value, string allowed) => faults.Add(value is null
        ? $"{path}{separator}{part}: is missing; allowed is {allowed}"
        : $"{path}{separator}{part}: {Twin.PropertyTypes.Quote(value)} is not allowed; allowed is {allowed}");

    private static string? Text(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
