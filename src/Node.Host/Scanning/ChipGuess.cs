namespace Node.Host.Scanning;

/// <summary>What is probably at an address.</summary>
/// <param name="Chip">The chip's name as the node's catalogue has it, or a name for people.</param>
/// <param name="ById">Whether an identification register said so; else only the address does.</param>
/// <param name="Detail">What was read; null for nothing.</param>
internal sealed record ChipGuess(string Chip, bool ById, string? Detail = null);
