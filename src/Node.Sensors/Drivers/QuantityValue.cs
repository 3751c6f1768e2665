namespace Node.Sensors.Drivers;

/// <summary>A measured value in the unit of its <see cref="Quantity"/>.</summary>
public readonly record struct QuantityValue(Quantity Quantity, double Value);
