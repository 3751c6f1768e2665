namespace Node.Host.Configuration;

/// <summary>What reading the configuration came to.</summary>
/// <param name="Options">The options; holds defaults in place of what was refused, so use it only without faults.</param>
/// <param name="Faults">What must be put right before the node starts, each with its path.</param>
/// <param name="Warnings">What is probably not meant, for example unknown keys.</param>
internal sealed record LoadedConfiguration(NodeOptions Options, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings)
{
    /// <summary>Every setting that was asked for, in order, set or not.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>Paths with a value that are no setting: misspelt, most likely, and thus nobody knows whether a secret.</summary>
    public IReadOnlySet<string> Unknown { get; init; } = new HashSet<string>();
}
