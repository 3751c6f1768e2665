namespace HilRig.Tests.Proofs;

/// <summary>Whole nodes and hubs run one test at a time, with nothing beside them: they measure time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneBenchAtATime
{
    public const string Name = "bench";
}
