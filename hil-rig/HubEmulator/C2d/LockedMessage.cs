namespace HubEmulator.C2d;

/// <summary>A message that a device has locked over HTTPS.</summary>
/// <param name="Token">Names the lock.</param>
/// <param name="Message">The message.</param>
/// <param name="Abandoned">How often it was given back.</param>
internal sealed record LockedMessage(Guid Token, C2dMessage Message, int Abandoned);
