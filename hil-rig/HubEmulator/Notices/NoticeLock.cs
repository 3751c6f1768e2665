namespace HubEmulator.Notices;

/// <summary>A notice that one receiver has and has not settled yet.</summary>
/// <param name="Token">Names the lock.</param>
/// <param name="Notice">What is locked.</param>
/// <param name="EarlierDeliveries">How often it was given out before.</param>
internal sealed record NoticeLock(Guid Token, Notice Notice, int EarlierDeliveries);
