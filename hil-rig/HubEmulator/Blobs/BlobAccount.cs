using System.Security.Cryptography;
using System.Text;

namespace HubEmulator.Blobs;

/// <summary>A storage account: its name, and the key in base64 that signs for it. The text form hides the key.</summary>
internal sealed record BlobAccount(string Name, string Key)
{
    /// <summary>What the built-in store is called; no client sees it outside a signature.</summary>
    public const string BuiltInName = "hubstorage";

    private const int KeyBytes = 64;

    public static string GenerateKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The resource under a signature, decoded: <c>/blob/{account}/{container}/{blob}</c>.</summary>
    public string Resource(string container, string blob) => $"/blob/{Name}/{container}/{blob}";

    /// <summary>The same for all blobs of a container.</summary>
    public string Resource(string container) => $"/blob/{Name}/{container}";

    public byte[] Sign(string text) => HMACSHA256.HashData(Convert.FromBase64String(Key), Encoding.UTF8.GetBytes(text));

    public override string ToString() => $"account {Name}";
}
