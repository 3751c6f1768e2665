namespace Node.Host.Spool;

/// <summary>What the writer needs to know of a row, without its body.</summary>
/// <param name="Sequence">Which.</param>
/// <param name="Priority">0 normal, 1 alarm.</param>
/// <param name="Size">Its size as <see cref="RowSize"/> reckons.</param>
/// <param name="SampledAt">As <see cref="SpoolTime"/> stores it.</param>
/// <param name="TimeSynced">Whether the clock was known to be right then.</param>
internal readonly record struct StoredRow(long Sequence, int Priority, int Size, long SampledAt, bool TimeSynced);
