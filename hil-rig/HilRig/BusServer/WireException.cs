namespace HilRig.BusServer;

/// <summary>A peer does not keep to the protocol. Its connection is closed; the text says what was wrong.</summary>
internal sealed class WireException(string message) : Exception(message);
