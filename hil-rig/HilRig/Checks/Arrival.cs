namespace HilRig.Checks;

/// <summary>A reading that arrived at the hub; <see cref="SampledAt"/> is null when the message carries no creation time.</summary>
internal sealed record Arrival(TimeSpan At, string BootId, long Sequence, string? Component, TimeSpan? SampledAt);
