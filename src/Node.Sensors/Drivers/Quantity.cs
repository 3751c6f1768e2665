namespace Node.Sensors.Drivers;

/// <summary>
/// One thing that a sensor measures. Name and unit are those of the DTDL model, such as <c>temperature</c> in <c>degreeCelsius</c>.
/// </summary>
/// <param name="Name">Camel case and unique within a sensor: the telemetry field's name.</param>
/// <param name="Unit">A DTDL unit name.</param>
/// <param name="Minimum">The lowest value, in <paramref name="Unit"/>, that the chip's datasheet promises to measure.</param>
/// <param name="Maximum">The highest value, in <paramref name="Unit"/>, that the chip's datasheet promises to measure.</param>
public sealed record Quantity(string Name, string Unit, double Minimum, double Maximum);
