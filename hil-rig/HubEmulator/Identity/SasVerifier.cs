namespace HubEmulator.Identity;

/// <summary>Decides whether a token opens a resource: signature first, then resource, then expiry, then right.</summary>
internal sealed class SasVerifier(HubHosts hosts, IReadOnlyDictionary<string, AccessPolicy> policies, TimeProvider clock)
{
    /// <summary>How far a clock may be behind before a token counts as expired.</summary>
    public static readonly TimeSpan Allowance = TimeSpan.FromMinutes(5);

    /// <summary>Checks what a device presents, against its own keys or, when the token names one, against a policy with the right to connect devices.</summary>
    public SasVerdict VerifyDevice(string? text, DeviceIdentity device)
    {
        if (!SasToken.TryParse(text, out SasToken token))
        {
            return SasVerdict.Refused("the token cannot be read");
        }

        return token.PolicyName is null
            ? Verify(token, device.Keys, DeviceIds.PathOf(device.Id), ofPolicy: false)
            : VerifyPolicy(token, AccessRights.DeviceConnect, DeviceIds.PathOf(device.Id));
    }

    /// <summary>Checks what a service presents for a path such as <c>twins/dev-01</c>.</summary>
    public SasVerdict VerifyService(string? text, AccessRights needed, string path) =>
        SasToken.TryParse(text, out SasToken token)
            ? VerifyPolicy(token, needed, path)
            : SasVerdict.Refused("the token cannot be read");

    /// <summary>Checks a token that opens what its own resource covers, for as long as it lives: AMQP puts tokens first and attaches links later.</summary>
    /// <param name="text">The token.</param>
    /// <param name="claim">What it opens, when it is accepted.</param>
    public SasVerdict VerifyClaim(string? text, out SasClaim? claim)
    {
        claim = null;
        if (!SasToken.TryParse(text, out SasToken token))
        {
            return SasVerdict.Refused("the token cannot be read");
        }

        if (token.PolicyName is null || !policies.TryGetValue(token.PolicyName, out AccessPolicy? policy))
        {
            return SasVerdict.Refused("the token names no policy of this hub");
        }

        if (!policy.Keys.HaveSigned(token.StringToSign, token.Signature) && !policy.Keys.HaveSignedAsText(token.StringToSign, token.Signature))
        {
            return SasVerdict.Refused("the signature fits no key");
        }

        if (token.Expires + Allowance < clock.GetUtcNow())
        {
            return SasVerdict.Refused("the token has expired");
        }

        claim = new SasClaim(policy.Rights, token.Expires + Allowance, path => token.CoversNode(hosts, path));
        return new SasVerdict(true, "", token.Expires, OfPolicy: true);
    }

    /// <summary>Checks a policy's name and key, which Event Hubs takes in place of a token.</summary>
    public SasClaim? VerifyKey(string policyName, string key) =>
        policies.TryGetValue(policyName, out AccessPolicy? policy) && policy.Keys.Contain(key)
            ? new SasClaim(policy.Rights, DateTimeOffset.MaxValue, _ => true)
            : null;

    private SasVerdict VerifyPolicy(SasToken token, AccessRights needed, string path)
    {
        if (token.PolicyName is null || !policies.TryGetValue(token.PolicyName, out AccessPolicy? policy))
        {
            return SasVerdict.Refused("the token names no policy of this hub");
        }

        SasVerdict verdict = Verify(token, policy.Keys, path, ofPolicy: true);
        return verdict.Accepted && (policy.Rights & needed) != needed
            ? SasVerdict.Refused($"policy {policy.Name} lacks the right {needed}")
            : verdict;
    }

    private SasVerdict Verify(SasToken token, SymmetricKeys keys, string path, bool ofPolicy)
    {
        if (!keys.HaveSigned(token.StringToSign, token.Signature))
        {
            return SasVerdict.Refused("the signature fits no key");
        }

        if (!token.Covers(hosts, path))
        {
            return SasVerdict.Refused("the token is for another resource");
        }

        return token.Expires + Allowance < clock.GetUtcNow()
            ? SasVerdict.Refused("the token has expired")
            : new SasVerdict(true, "", token.Expires, ofPolicy);
    }
}
