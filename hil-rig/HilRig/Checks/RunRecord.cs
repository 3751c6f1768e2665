namespace HilRig.Checks;

/// <summary>Everything the rig saw from outside while a scenario ran. Every time counts from the first start of the node's process.</summary>
internal sealed record RunRecord
{
    /// <summary>Until the hub accepted the node for the first time; null when it never did.</summary>
    public TimeSpan? Connected { get; init; }

    /// <summary>Readings in the order of their arrival at the hub, repeats included.</summary>
    public IReadOnlyList<Arrival> Arrivals { get; init; } = [];

    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>The twin each time that its reported section had changed.</summary>
    public IReadOnlyList<TwinSnapshot> Twins { get; init; } = [];

    public IReadOnlyList<NodeStop> Stops { get; init; } = [];

    /// <summary>Null when the node could not be drained at the end.</summary>
    public ReadingsAccount? Account { get; init; }

    public TimeSpan? FirstTelemetry => Arrivals.Count > 0 ? Arrivals[0].At : null;
}
