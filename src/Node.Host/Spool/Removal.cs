namespace Node.Host.Spool;

/// <summary>A row that the present transaction deletes.</summary>
/// <param name="Sequence">Which.</param>
/// <param name="Priority">0 normal, 1 alarm.</param>
/// <param name="Size">Its size as <see cref="RowSize"/> reckons.</param>
/// <param name="Cause">Where it is counted.</param>
internal readonly record struct Removal(long Sequence, int Priority, int Size, RemovalCause Cause);
