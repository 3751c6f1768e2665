using HubEmulator.Blobs;

namespace HubEmulator.Uploads;

/// <summary>Where devices are sent to with their blobs: <c>https://{hostName}/{container}/{blob}{token}</c>.</summary>
/// <param name="HostName">Host, perhaps port, perhaps the account as a path.</param>
/// <param name="Container">The container's name.</param>
/// <param name="Account">Who signs.</param>
/// <param name="Store">The built-in store, or null when the blobs go elsewhere and cannot be looked at.</param>
internal sealed record UploadTarget(string HostName, string Container, BlobAccount Account, BlobStore? Store)
{
    private const int DefaultHttpsPort = 443;

    public static UploadTarget BuiltIn(string hubName, int httpsPort, BlobAccount account, BlobStore store) =>
        new(httpsPort == DefaultHttpsPort ? hubName : $"{hubName}:{httpsPort}", BlobEndpoint.Container, account, store);

    public static UploadTarget Outside(BlobStorage storage) =>
        new(storage.Endpoint, storage.Container, new BlobAccount(storage.AccountName, storage.AccountKey), null);

    /// <summary>A token to read and write one blob.</summary>
    public string Sign(string blob, DateTimeOffset expires) => BlobSas.Issue(Account, Container, blob, "rw", expires);

    public Uri AddressOf(string blob) => new($"https://{HostName}/{Container}/{string.Join('/', blob.Split('/').Select(Uri.EscapeDataString))}");
}
