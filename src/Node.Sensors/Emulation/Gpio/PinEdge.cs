namespace Node.Sensors.Emulation;

/// <summary>One change of a pin's level.</summary>
/// <param name="Sequence">Counts every edge of the chip from 1, without gaps.</param>
/// <param name="Pin">The pin's BCM number.</param>
/// <param name="IsRising">Whether the new level is high.</param>
/// <param name="At">The time since the board was switched on.</param>
public readonly record struct PinEdge(long Sequence, int Pin, bool IsRising, TimeSpan At);
