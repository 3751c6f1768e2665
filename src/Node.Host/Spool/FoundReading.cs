namespace Node.Host.Spool;

/// <summary>A reading that was found in a damaged file, or in one of an earlier version.</summary>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Boot">The row of its boot.</param>
/// <param name="Priority">0 normal, 1 alarm.</param>
/// <param name="Reading">It.</param>
internal readonly record struct FoundReading(long Sequence, long Boot, int Priority, PacketReading Reading);
