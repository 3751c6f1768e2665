namespace Node.Sensors.Bus.Remote;

/// <summary>Edges of a remote line that happened and were not told: the link was cut, or more waited than the server keeps.</summary>
/// <param name="Pin">The pin's BCM number.</param>
/// <param name="Missed">How many; at least 1 unless the board was restarted.</param>
/// <param name="IsRestarted">Whether the board lost its power meanwhile, so that nobody knows how many edges there were.</param>
public readonly record struct RemoteEdgeGap(int Pin, long Missed, bool IsRestarted);
