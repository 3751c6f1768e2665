using System.Diagnostics.CodeAnalysis;

namespace HubEmulator.Identity;

/// <summary>The SHA-1 or SHA-256 hashes of two certificates, 40 or 64 upper-case hexadecimal digits, either of which may be missing.</summary>
internal sealed record Thumbprints(string? Primary, string? Secondary)
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;

    public static Thumbprints None { get; } = new(null, null);

    /// <summary>Reads the digits in either case; the colons that OpenSSL prints between bytes are dropped.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out string? thumbprint)
    {
        string digits = text.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
        thumbprint = digits.Length is Sha1Digits or Sha256Digits && digits.All(char.IsAsciiHexDigitUpper) ? digits : null;
        return thumbprint is not null;
    }

    /// <summary>True when one of the two is a hash of the certificate.</summary>
    /// <param name="sha1">Its SHA-1.</param>
    /// <param name="sha256">Its SHA-256.</param>
    public bool Contain(string sha1, string sha256) => new[] { Primary, Secondary }.Any(one => one is not null && (one == sha1 || one == sha256));
}
