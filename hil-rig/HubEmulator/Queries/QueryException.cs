namespace HubEmulator.Queries;

/// <summary>A query that this hub cannot run; the text names the place and what belongs there. It leaves the folder as a refusal, never as an exception.</summary>
internal sealed class QueryException(int position, string problem) : Exception($"Position {position}: {problem}");
