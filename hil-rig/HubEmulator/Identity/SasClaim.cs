namespace HubEmulator.Identity;

/// <summary>What a token that a connection has put opens there.</summary>
/// <param name="Rights">The rights of its policy.</param>
/// <param name="Ends">When it no longer counts, allowance included.</param>
/// <param name="Covers">True for a path below the host that its resource covers.</param>
internal sealed record SasClaim(AccessRights Rights, DateTimeOffset Ends, Func<string, bool> Covers)
{
    public bool Opens(string path, AccessRights needed, DateTimeOffset now) => (Rights & needed) == needed && now <= Ends && Covers(path);
}
