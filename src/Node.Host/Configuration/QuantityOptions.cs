using Node.Sensors.Filters;

namespace Node.Host.Configuration;

/// <summary>What is expected of one quantity: configuration section <c>Node:Sensors:{name}:Quantities:{quantity}</c>.</summary>
internal sealed record QuantityOptions
{
    public required string Name { get; init; }

    /// <summary>Between which raw values it is plausible, and for how long it may stand still. Default: everything is.</summary>
    public ValueMonitorSettings Plausible { get; init; } = new();

    /// <summary>Digits after the decimal point in telemetry, 0 to 10; null (default) for those that the quantity's unit deserves.</summary>
    public int? Decimals { get; init; }
}
