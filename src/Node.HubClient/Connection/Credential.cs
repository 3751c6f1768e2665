using System.Globalization;
using Node.HubClient.Protocol;

namespace Node.HubClient.Connection;

/// <summary>How an identity proves itself at each connection. No kind of it shows its secret in <c>ToString</c>.</summary>
internal abstract class Credential
{
    /// <summary>A clock that shows an earlier year is not set yet.</summary>
    private const int ClockPlausibleFrom = 2024;

    /// <summary>Time after the start of an attempt at which its proof is due for renewal; null for never.</summary>
    public virtual TimeSpan? RenewAfter => null;

    /// <summary>Whether the proof depends on the wall clock.</summary>
    public virtual bool NeedsClock => false;

    /// <summary>Lifetime of the tokens that it signs, from the next connection on; nothing for the kinds that sign none.</summary>
    public virtual TimeSpan TokenLifetime { get; set; }

    /// <summary>Whether the identity proves itself by a certificate.</summary>
    public virtual bool IsCertificate => false;

    /// <summary>The certificate to show in the TLS handshake; null for none.</summary>
    public virtual ShownCertificate? Certificate => null;

    /// <summary>Whether a token may be signed now: a clock that is plainly not set would only earn a refusal.</summary>
    public static bool IsClockPlausible(DateTimeOffset wallClock) => wallClock.Year >= ClockPlausibleFrom;

    /// <summary>The MQTT password for a connection that begins now; null for none. False, with the reason, when there can be none now.</summary>
    public abstract bool TryProve(DateTimeOffset wallClock, out string? password, out string? why);
}

/// <summary>A key in the caller's hands or in a security module: each connection gets a fresh token, renewed at 80 % of its life.</summary>
internal sealed class KeyCredential(string scope, TimeSpan lifetime, Func<byte[], byte[]> sign, string? keyName = null) : Credential
{
    private const double RenewalPoint = 0.8;

    /// <inheritdoc />
    public override TimeSpan TokenLifetime { get; set; } = lifetime;

    /// <inheritdoc />
    public override TimeSpan? RenewAfter => TokenLifetime * RenewalPoint;

    /// <inheritdoc />
    public override bool NeedsClock => true;

    /// <inheritdoc />
    public override bool TryProve(DateTimeOffset wallClock, out string? password, out string? why)
    {
        try
        {
            password = SasToken.Create(scope, sign, wallClock + TokenLifetime, keyName);
            why = null;
            return true;
        }
        catch (Exception failed) // Whatever a security module throws: it may work again later, and the client goes on meanwhile.
        {
            password = null;
            why = $"the token cannot be signed: {failed.Message}";
            return false;
        }
    }
}

/// <summary>A token made elsewhere, used as it stands until its own expiry. The caller replaces it in time.</summary>
internal sealed class TokenCredential(string token) : Credential
{
    private readonly DateTimeOffset? _expiry = SasToken.TryReadExpiry(token, out DateTimeOffset expiry) ? expiry : null;

    /// <inheritdoc />
    public override bool NeedsClock => true;

    /// <inheritdoc />
    public override bool TryProve(DateTimeOffset wallClock, out string? password, out string? why)
    {
        bool expired = _expiry is { } end && end <= wallClock;
        password = expired ? null : token;
        why = expired ? string.Create(CultureInfo.InvariantCulture, $"the given token expired at {_expiry:u}; give the client a new one") : null;
        return !expired;
    }
}

/// <summary>An X.509 certificate: no token, nothing to renew.</summary>
internal sealed class CertificateCredential(ShownCertificate? certificate) : Credential
{
    /// <inheritdoc />
    public override bool IsCertificate => true;

    /// <inheritdoc />
    public override ShownCertificate? Certificate => certificate;

    /// <inheritdoc />
    public override bool TryProve(DateTimeOffset wallClock, out string? password, out string? why)
    {
        password = null;
        why = certificate is null ? "no client certificate has been given yet; set x509certificate and x509privatekey" : null;
        return certificate is not null;
    }
}
