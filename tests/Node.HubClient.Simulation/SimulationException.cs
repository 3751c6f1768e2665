namespace Node.HubClient.Simulation;

/// <summary>An invariant that did not hold. Its text names the seed that repeats the run, and tells the run's last events.</summary>
public sealed class SimulationException : Exception
{
    /// <summary>An unnamed failure.</summary>
    public SimulationException()
    {
    }

    /// <summary>A failure.</summary>
    /// <param name="message">The invariant and the timeline.</param>
    public SimulationException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause.</summary>
    /// <param name="message">The invariant and the timeline.</param>
    /// <param name="innerException">The cause.</param>
    public SimulationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
