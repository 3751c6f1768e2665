namespace Node.Sensors.Filters;

/// <summary>What came out of a chain.</summary>
/// <param name="Value">In the unit of the quantity; NaN when the value is unknown, as after a <c>timeout</c>.</param>
/// <param name="At">The instant given with the value or turn that brought it out.</param>
public readonly record struct FilteredValue(double Value, TimeSpan At);
