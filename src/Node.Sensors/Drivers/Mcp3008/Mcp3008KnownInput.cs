namespace Node.Sensors.Drivers;

/// <summary>
/// An input that is wired to a known voltage. The chip has no identity, so a data line that is stuck low reads as 0 V everywhere; such an
/// input tells the difference.
/// </summary>
/// <param name="Input">The input.</param>
/// <param name="Volts">What it must read, in volts: more than 0 and at most the reference.</param>
/// <param name="ToleranceVolts">By how much it may be off either way, in volts; less than <paramref name="Volts"/>.</param>
public sealed record Mcp3008KnownInput(Mcp3008Input Input, double Volts, double ToleranceVolts);
