namespace Node.Host.Spool;

/// <summary>A reading as a packet holds it.</summary>
/// <param name="Component">The sensor's component name.</param>
/// <param name="SampledAt">As <see cref="SpoolTime"/> stores it.</param>
/// <param name="TimeSynced">Whether the clock was known to be right then.</param>
/// <param name="Monotonic">When it was taken on the machine's monotonic clock, in ticks; null when that is not known, or not needed because the clock was right.</param>
/// <param name="Quality">What speaks against it; null when nothing does.</param>
/// <param name="Body">UTF-8 JSON.</param>
internal readonly record struct PacketReading(
    string Component, long SampledAt, bool TimeSynced, long? Monotonic, string? Quality, ReadOnlyMemory<byte> Body)
{
    /// <summary>Its size as <see cref="RowSize"/> reckons.</summary>
    public int Size => RowSize.Of(System.Text.Encoding.UTF8.GetByteCount(Component), Body.Length);

    /// <summary>The form in which an entry is stored.</summary>
    public static PacketReading Of(in SpoolEntry entry) => new(
        entry.Component, SpoolTime.ToStored(entry.SampledAt), entry.TimeSynced, entry.TimeSynced ? null : entry.Monotonic?.Ticks,
        entry.Quality == SpoolEntry.Good ? null : entry.Quality, entry.Body);
}
