using System.Security.Cryptography;
using System.Text;

namespace HubEmulator.Identity;

/// <summary>Two shared keys in base64, either of which signs. The text form hides them.</summary>
internal sealed record SymmetricKeys(string Primary, string Secondary)
{
    private const int GeneratedBytes = 32;
    private const int FewestBytes = 16;
    private const int MostBytes = 64;

    /// <summary>What identities without keys have; nothing was ever signed with it.</summary>
    public static SymmetricKeys None { get; } = new("", "");

    public static SymmetricKeys Generate() => new(GenerateOne(), GenerateOne());

    public static string GenerateOne() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(GeneratedBytes));

    /// <summary>True for base64 of 16 to 64 bytes, the lengths that the service takes.</summary>
    public static bool IsValid(string key)
    {
        Span<byte> bytes = stackalloc byte[MostBytes + 3];
        return key.Length <= 92 && Convert.TryFromBase64String(key, bytes, out int written) && written is >= FewestBytes and <= MostBytes;
    }

    /// <summary>Compares in constant time with the signatures that either key makes over the text.</summary>
    public bool HaveSigned(string text, ReadOnlySpan<byte> signature)
    {
        byte[] message = Encoding.UTF8.GetBytes(text);
        return Signed(Primary, message, signature) | Signed(Secondary, message, signature);
    }

    /// <summary>The same for clients of Event Hubs, which take the text of a key as it stands instead of decoding it.</summary>
    public bool HaveSignedAsText(string text, ReadOnlySpan<byte> signature)
    {
        byte[] message = Encoding.UTF8.GetBytes(text);
        return Signed(Encoding.UTF8.GetBytes(Primary), message, signature) | Signed(Encoding.UTF8.GetBytes(Secondary), message, signature);
    }

    /// <summary>True for the text of either key, compared in constant time.</summary>
    public bool Contain(string key)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(key);
        return CryptographicOperations.FixedTimeEquals(bytes, Encoding.UTF8.GetBytes(Primary))
            | CryptographicOperations.FixedTimeEquals(bytes, Encoding.UTF8.GetBytes(Secondary));
    }

    public override string ToString() => "two keys";

    private static bool Signed(string key, byte[] message, ReadOnlySpan<byte> signature) =>
        key.Length > 0 && Signed(Convert.FromBase64String(key), message, signature);

    private static bool Signed(byte[] key, byte[] message, ReadOnlySpan<byte> signature)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, message, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    }
}
