namespace Hub.Benchmarks;

/// <summary>What is asked of the hub.</summary>
/// <param name="Connections">Devices that stay connected.</param>
/// <param name="Senders">How many of them send.</param>
/// <param name="Rate">Messages a second of all senders together; 0 for as fast as they are acknowledged.</param>
/// <param name="Duration">The length of the idle time, and of each round of sending.</param>
/// <param name="Rounds">How often they send.</param>
internal sealed record ScaleLoad(int Connections, int Senders, int Rate, TimeSpan Duration, int Rounds);
