using System.Text.Json;
using Node.Sensors.Drivers;

namespace Node.Sensors.Filters;

/// <summary>
/// What a <see cref="ValueMonitor"/> takes for a healthy value. In settings:
/// <c>{"min_value": -10, "max_value": 40, "stuck_readings": 30, "stuck_after": "1h", "stuck_tolerance": 0}</c>, every member optional.
/// </summary>
public sealed record ValueMonitorSettings
{
    /// <summary>The smallest healthy value, in the quantity's unit. Default none.</summary>
    public double Minimum { get; init; } = double.NegativeInfinity;

    /// <summary>The largest healthy value, in the quantity's unit. Default none.</summary>
    public double Maximum { get; init; } = double.PositiveInfinity;

    /// <summary>How many same readings in a row count as stuck, from 2 on. Default <see langword="null"/>: any number is healthy.</summary>
    public int? StuckReadings { get; init; }

    /// <summary>How long a value may stay the same. Default <see langword="null"/>: for ever.</summary>
    public TimeSpan? StuckAfter { get; init; }

    /// <summary>By how much a value may differ from the first of a row and still count as the same. Default 0: not at all.</summary>
    public double StuckTolerance { get; init; }

    /// <summary>The chip's own range, and no rule against standing still.</summary>
    public static ValueMonitorSettings Of(Quantity quantity)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        return new ValueMonitorSettings { Minimum = quantity.Minimum, Maximum = quantity.Maximum };
    }

    /// <summary>Reads one quantity's limits from JSON; what is not given comes from the quantity.</summary>
    /// <param name="json">The map of limits.</param>
    /// <param name="path">Where it was found; texts of faults begin with it.</param>
    /// <param name="quantity">What is measured.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed. Any fault makes the result unusable.</param>
    public static ValueMonitorSettings Read(JsonElement json, string path, Quantity quantity, ICollection<string> faults) =>
        Read(SettingNode.From(json, path), quantity, faults);

    /// <summary>Reads one quantity's limits from flat configuration keys below <paramref name="path"/>, such as <c>stuck_after</c>.</summary>
    /// <param name="keys">Keys relative to <paramref name="path"/> with their values.</param>
    /// <param name="path">The section; texts of faults begin with it.</param>
    /// <param name="quantity">What is measured.</param>
    /// <param name="faults">Receives one text for each fault: path, value, what is allowed. Any fault makes the result unusable.</param>
    public static ValueMonitorSettings Read(IEnumerable<KeyValuePair<string, string?>> keys, string path, Quantity quantity, ICollection<string> faults) =>
        Read(SettingNode.From(keys, path), quantity, faults);

    private static ValueMonitorSettings Read(SettingNode node, Quantity quantity, ICollection<string> faults)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        ArgumentNullException.ThrowIfNull(faults);
        StepReader reader = new("the limits", node, faults, level: 0);
        ValueMonitorSettings read = new()
        {
            Minimum = reader.Number("min_value", quantity.Minimum),
            Maximum = reader.Number("max_value", quantity.Maximum),
            StuckReadings = reader.Find("stuck_readings", isMain: false) is null ? null : reader.Integer("stuck_readings", null, 2, 1_000_000),
            StuckAfter = reader.Find("stuck_after", isMain: false) is null ? null : reader.Duration("stuck_after"),
            StuckTolerance = reader.Number("stuck_tolerance", 0, minimum: 0),
        };
        if (read.Minimum > read.Maximum) { reader.Fault(node.Path, FormattableString.Invariant($"min_value is {read.Minimum} and max_value {read.Maximum}; allowed is a min_value that is not larger")); }
        if (node.Text is not null) { reader.Fault(node.Path, $"'{node.Text}' is not allowed; allowed is a map such as {{\"min_value\": 0, \"stuck_after\": \"1h\"}}"); }

        reader.Finish();
        return read;
    }
}
