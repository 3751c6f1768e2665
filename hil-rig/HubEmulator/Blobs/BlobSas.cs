using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Blobs;

/// <summary>
/// A service signature for one blob or all of a container, as the members of a query: <c>sv</c>, <c>se</c>, <c>sr=b</c> or <c>sr=c</c>, <c>sp</c>, <c>sig</c> and the optional ones.
/// Its text is signed with the members decoded.
/// </summary>
internal sealed class BlobSas(IReadOnlyDictionary<string, string> members)
{
    /// <summary>The version that the hub signs with.</summary>
    public const string SignedVersion = "2021-12-02";

    private const string FirstVersionServed = "2018-11-09";
    private const string FirstVersionWithEncryptionScope = "2020-12-06";
    private static readonly string[] Overrides = ["rscc", "rscd", "rsce", "rscl", "rsct"];

    /// <summary>False when the query carries no signature at all.</summary>
    public bool IsPresent => this["sig"].Length > 0;

    public string Permissions => this["sp"];

    /// <summary>True for a signature that opens every blob of a container.</summary>
    public bool IsOfContainer => this["sr"] == "c";

    /// <summary>The start and the expiry as they stand in the query; a start may be missing.</summary>
    public DateTimeOffset? Starts => ParseInstant(this["st"]);

    public DateTimeOffset? Expires => ParseInstant(this["se"]);

    private string this[string name] => members.GetValueOrDefault(name, "");

    /// <summary>Judges the signature, then its time, then its permissions.</summary>
    /// <param name="account">Whose key must have signed.</param>
    /// <param name="container">The container.</param>
    /// <param name="blob">The blob; null for the container as a whole.</param>
    /// <param name="permission">What is asked for: r, w or d.</param>
    /// <param name="now">The instant.</param>
    /// <returns>Null when it opens it.</returns>
    public BlobFailure? Check(BlobAccount account, string container, string? blob, char permission, DateTimeOffset now)
    {
        if (!IsPresent)
        {
            return BlobFailure.NoToken;
        }

        string resource = IsOfContainer || blob is null ? account.Resource(container) : account.Resource(container, blob);
        if ((blob is null && !IsOfContainer) || !IsSignedBy(account, resource) || !(Expires > now) || Starts > now)
        {
            return BlobFailure.NotAuthenticated;
        }

        return Permissions.Contains(permission, StringComparison.Ordinal) ? null : BlobFailure.NotPermitted;
    }

    public static BlobSas Of(IQueryCollection query) => new(query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));

    /// <summary>The query that opens one blob, with its question mark.</summary>
    public static string Issue(BlobAccount account, string container, string blob, string permissions, DateTimeOffset expires)
    {
        string until = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { ["sv"] = SignedVersion, ["se"] = until, ["sr"] = "b", ["sp"] = permissions };
        string signature = Convert.ToBase64String(account.Sign(new BlobSas(members).StringToSign(account.Resource(container, blob))));
        members["sig"] = signature;
        return "?" + string.Join('&', members.Select(member => $"{member.Key}={Uri.EscapeDataString(member.Value)}"));
    }

    /// <summary>True when the account's key made the signature over exactly these members and this resource. Stored policies do not exist here.</summary>
    public bool IsSignedBy(BlobAccount account, string resource)
    {
        bool served = string.CompareOrdinal(this["sv"], FirstVersionServed) >= 0 && this["sr"] is ("b" or "c") && this["si"].Length == 0;
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes + 1];
        return served
            && Convert.TryFromBase64String(this["sig"], signature, out int written)
            && CryptographicOperations.FixedTimeEquals(signature[..written], account.Sign(StringToSign(resource)));
    }

    /// <summary>The fields one to a line, empty ones kept: 16 of them, or 15 before version 2020-12-06, which knows no encryption scope.</summary>
    public string StringToSign(string resource)
    {
        List<string> fields =
        [
            this["sp"], this["st"], this["se"], resource, this["si"], this["sip"], this["spr"], this["sv"], this["sr"], this["snapshot"],
        ];
        if (string.CompareOrdinal(this["sv"], FirstVersionWithEncryptionScope) >= 0)
        {
            fields.Add(this["ses"]);
        }

        fields.AddRange(Overrides.Select(name => this[name]));
        return string.Join('\n', fields);
    }

    private static DateTimeOffset? ParseInstant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset instant)
            ? instant
            : null;
}
