namespace HubEmulator.C2d;

/// <summary>A queued message on disk.</summary>
internal sealed record QueuedRecord(C2dMessage Message, DateTimeOffset Expires, bool WasDelivered);
