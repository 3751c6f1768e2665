namespace Node.Sensors.Bus.Remote;

/// <summary>One change of a remote line's level.</summary>
/// <param name="Pin">The pin's BCM number.</param>
/// <param name="IsRising">Whether the new level is high.</param>
/// <param name="Number">Counts the pin's edges from 1 since the board was switched on; a gap is told as <see cref="RemoteEdgeGap"/>.</param>
/// <param name="At">The board's time of the edge, since the server began to serve it.</param>
public readonly record struct RemoteEdge(int Pin, bool IsRising, long Number, TimeSpan At);
