using Node.HubClient.Connection;

namespace Node.HubClient.Simulation;

/// <summary>What a run does besides its seed.</summary>
internal sealed record SimulationOptions
{
    /// <summary>Virtual time with faults, before the weather clears. Default 10 minutes.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>In-flight window.</summary>
    public int Window { get; init; } = 8;

    /// <summary>Lifetime of tokens: short, so that every run renews some.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>A deliberate defect that the run should catch.</summary>
    public Defect Defect { get; init; }
}
