namespace Node.Benchmarks.Brokers;

/// <summary>What the measured clients talk to: the sink, or mosquitto where it is installed.</summary>
internal interface IBroker : IDisposable
{
    /// <summary>Name in the tables.</summary>
    string Name { get; }

    /// <summary>Where it listens.</summary>
    Endpoint Endpoint { get; }
}

/// <summary>Where a broker listens on the loopback address, and what its certificate chains to.</summary>
/// <param name="Port">TCP port; TLS.</param>
/// <param name="RootPem">The only root that a client should trust.</param>
internal sealed record Endpoint(int Port, string RootPem)
{
    /// <summary>The name that the certificate covers.</summary>
    public const string HostName = "hub.localhost";
}
