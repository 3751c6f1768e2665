namespace HubEmulator.Queries;

/// <summary>One thing that a query selects.</summary>
/// <param name="Aggregate">What is computed, or none.</param>
/// <param name="Path">Of what; null for a count.</param>
/// <param name="Name">Its name in the result.</param>
/// <param name="Position">Where it stands in the query.</param>
internal sealed record QueryItem(QueryAggregate Aggregate, QueryPath? Path, string Name, int Position);
