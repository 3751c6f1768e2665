namespace Node.Host.Configuration;

/// <summary>A channel of a TCA9548A: configuration section <c>Node:Sensors:{name}:Mux</c>.</summary>
/// <param name="Address">The multiplexer's address, 0x70 to 0x77.</param>
/// <param name="Channel">0 to 7.</param>
internal sealed record MuxOptions(int Address, int Channel);
