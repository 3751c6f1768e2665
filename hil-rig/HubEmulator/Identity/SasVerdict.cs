namespace HubEmulator.Identity;

/// <summary>The answer about a token; the reason is for the log only, a client never learns it.</summary>
internal readonly record struct SasVerdict(bool Accepted, string Reason, DateTimeOffset Expires, bool OfPolicy)
{
    public static SasVerdict Refused(string reason) => new(false, reason, default, false);
}
