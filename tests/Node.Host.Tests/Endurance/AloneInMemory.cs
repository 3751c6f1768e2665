namespace Node.Host.Tests.Endurance;

/// <summary>Tests that measure the memory of the whole process run when no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInMemory
{
    public const string Name = "alone in memory";
}
