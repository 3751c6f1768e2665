using Node.Sensors.Drivers;

namespace Node.Sensors.Machine;

/// <summary>One thing that a machine can tell of itself, and how to read it now; <see langword="null"/> when it cannot tell.</summary>
internal sealed record MachineValue(Quantity Quantity, Func<double?> Read);
