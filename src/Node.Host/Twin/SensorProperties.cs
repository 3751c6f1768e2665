using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Automation;
using Node.Host.Configuration;
using Node.Host.Sensing;

namespace Node.Host.Twin;

/// <summary>What the cloud may change of a sensor: <c>interval</c>, <c>cron</c>, <c>enabled</c>, <c>filters</c>, <c>ranges</c>, <c>thresholds</c>.</summary>
internal static class SensorProperties
{
    private const int LongestMap = 4_096; // Characters: the whole reported section has 32 KB.
    private const string ByInterval = ""; // A property has a value: this one says that there is no calendar.

    public static TwinComponent Component(SensorChannel sensor, Actuation.ActuatorBank actuators) => new(sensor.Name,
    [
        PropertyTypes.Period("interval", sensor.Options.Interval, SensorOptions.ShortestInterval, SensorOptions.LongestInterval,
            () => sensor.Setting.Interval, interval => sensor.Setting = sensor.Setting with { Interval = interval }),
        Cron(sensor),
        PropertyTypes.Flag("enabled", sensor.Options.Enabled,
            () => sensor.Setting.Enabled, enabled => sensor.Setting = sensor.Setting with { Enabled = enabled }),
        Filters(sensor),
        Ranges(sensor),
        AlarmProperties.Thresholds(sensor, actuators),
    ]);

    /// <summary>Readings by the calendar: cron fields; empty text for the interval.</summary>
    private static WritableProperty Cron(SensorChannel sensor) => new("cron", () => sensor.Setting.Cron?.Text ?? ByInterval, value =>
    {
        CronSchedule? cron = sensor.Options.Cron;
        string reason = "expected is a text of cron fields, or an empty one for the interval";
        bool understood = value is null
            || (value.GetValueKind() == JsonValueKind.String && TryRead(value.GetValue<string>(), out cron, ref reason));
        return understood
            ? Proposal.Accept(cron?.Text ?? ByInterval, () => sensor.Setting = sensor.Setting with { Cron = cron })
            : Proposal.Refuse($"cron {PropertyTypes.Quote(value)} is not allowed; {reason}");
    });

    /// <summary>Filters by quantity and step, as a map: a patch changes single steps, a null takes one away.</summary>
    private static WritableProperty Filters(SensorChannel sensor) => new("filters", () => sensor.Setting.Filters.Json.DeepClone(), value =>
    {
        FilterMap filters = sensor.Options.Filters;
        var faults = new List<string>();
        if (IsTooLong("filters", value, faults))
        {
            return Proposal.Refuse(faults[0]);
        }

        if (value is JsonObject map)
        {
            filters = FilterMap.Read(Tidied(map), "filters", sensor.Options.QuantityNames, faults);
        }
        else if (value is not null)
        {
            faults.Add($"filters {PropertyTypes.Quote(value)} is not allowed; allowed is a map such as {{\"temperature\":{{\"10_offset\":-0.5}}}}");
        }

        return faults.Count == 0
            ? Proposal.Accept(filters.Json.DeepClone(), () => sensor.Setting = sensor.Setting with { Filters = filters })
            : Proposal.Refuse(string.Join("; ", faults));
    })
    {
        IsMap = true,
    };

    /// <summary>Limits by quantity, as a map: a patch changes single ones, a null takes one away.</summary>
    private static WritableProperty Ranges(SensorChannel sensor) => new("ranges", () => sensor.Setting.Ranges.Json.DeepClone(), value =>
    {
        RangeMap ranges = RangeMap.Of(sensor.Options.Quantities);
        var faults = new List<string>();
        if (!IsTooLong("ranges", value, faults) && value is JsonObject map)
        {
            ranges = RangeMap.Read(Tidied(map), sensor.Options.QuantityNames, faults);
        }
        else if (value is not null && faults.Count == 0)
        {
            faults.Add($"ranges {PropertyTypes.Quote(value)} is not allowed; allowed is a map such as {{\"temperature\":{{\"min_value\":-10,\"stuck_after\":\"1h\"}}}}");
        }

        return faults.Count == 0
            ? Proposal.Accept(ranges.Json.DeepClone(), () => sensor.Setting = sensor.Setting with { Ranges = ranges })
            : Proposal.Refuse(string.Join("; ", faults));
    })
    {
        IsMap = true,
    };

    private static bool IsTooLong(string name, JsonNode? value, List<string> faults)
    {
        int length = value?.ToJsonString().Length ?? 0;
        if (length > LongestMap)
        {
            faults.Add($"{name} has {length} characters; allowed are {LongestMap}");
        }

        return length > LongestMap;
    }

    private static bool TryRead(string text, out CronSchedule? cron, ref string reason)
    {
        cron = null;
        return text.Trim().Length == 0 || CronSchedule.TryParse(text, out cron, out reason);
    }

    /// <summary>A copy without the quantities that have no step left.</summary>
    private static JsonObject Tidied(JsonObject map)
    {
        JsonObject tidied = map.DeepClone().AsObject();
        foreach ((string quantity, JsonNode? steps) in map)
        {
            if (steps is null or JsonObject { Count: 0 })
            {
                tidied.Remove(quantity);
            }
        }

        return tidied;
    }
}
