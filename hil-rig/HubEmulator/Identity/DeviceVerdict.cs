namespace HubEmulator.Identity;

/// <summary>The answer about what a device presented.</summary>
/// <param name="Refusal">Why it is refused, for the log only: a client never learns it. Null when it is accepted.</param>
/// <param name="Expires">When its token runs out; null for a certificate.</param>
/// <param name="OfPolicy">True when a policy's token opened the identity.</param>
internal readonly record struct DeviceVerdict(string? Refusal, DateTimeOffset? Expires, bool OfPolicy);
