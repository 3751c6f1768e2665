using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.Host.Sensing;
using Node.Host.Twin;

namespace Node.Host.Automation;

/// <summary>A sensor's writable property <c>thresholds</c>, a map whose members a patch changes one by one, and its read-only <c>alarms</c>.</summary>
internal static class AlarmProperties
{
    private const string Name = "thresholds";

    public static WritableProperty Thresholds(SensorChannel sensor, ActuatorBank actuators) => new(Name, () => sensor.Setting.Thresholds.Json.DeepClone(), value =>
    {
        ThresholdMap thresholds = sensor.Options.Thresholds;
        var faults = new List<string>();
        if (value is JsonObject map)
        {
            thresholds = ThresholdMap.Read(map, Name, ".", sensor.Options.QuantityNames, faults);
            faults.AddRange(UnknownActuators(thresholds, actuators));
        }
        else if (value is not null)
        {
            faults.Add($"{Name} {PropertyTypes.Quote(value)} is not allowed; allowed is a map such as {{\"hot\":{{\"quantity\":\"temperature\",\"above\":30}}}}");
        }

        return faults.Count == 0
            ? Proposal.Accept(thresholds.Json.DeepClone(), () => sensor.Setting = sensor.Setting with { Thresholds = thresholds })
            : Proposal.Refuse(string.Join("; ", faults));
    })
    {
        IsMap = true,
    };

    /// <summary>How the thresholds stand, by id; null when there are none.</summary>
    public static JsonObject? Show(IReadOnlyDictionary<string, AlarmState> states)
    {
        var json = new JsonObject();
        foreach ((string id, AlarmState state) in states)
        {
            var shown = new JsonObject { ["state"] = state.IsRaised ? "raised" : "normal" };
            if (state.Since is { } since)
            {
                shown["since"] = AlarmBody.Instant(since);
                shown["value"] = state.Value;
            }

            if (state.Drive is { } drive)
            {
                shown["drive"] = drive.Length <= 160 ? drive : drive[..160]; // The reported section has 32 KB.
            }

            json[id] = shown;
        }

        return json.Count > 0 ? json : null;
    }

    private static IEnumerable<string> UnknownActuators(ThresholdMap thresholds, ActuatorBank actuators) => thresholds.Thresholds
        .Where(threshold => threshold.Drive is { } drive && !actuators.TryFind(drive.Actuator, out _))
        .Select(threshold => $"{Name}.{threshold.Id}.drive.actuator: '{threshold.Drive!.Actuator}' is no actuator of this node; known are "
            + string.Join(", ", actuators.Channels.Select(actuator => actuator.Name)));
}
