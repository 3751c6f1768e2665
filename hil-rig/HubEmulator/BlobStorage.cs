namespace HubEmulator;

/// <summary>A storage account outside the hub, such as Azurite, whose container must exist already.</summary>
public sealed record BlobStorage
{
    /// <summary>What stands between <c>https://</c> and the container: a host, perhaps a port, and for stores that name the account in the path the account, such as <c>127.0.0.1:10000/devstoreaccount1</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The account, as it stands in signatures.</summary>
    public required string AccountName { get; init; }

    /// <summary>The account's key, base64. A secret.</summary>
    public required string AccountKey { get; init; }

    /// <summary>The container, 3 to 63 lower-case letters, digits and hyphens. Default <c>uploads</c>.</summary>
    public string Container { get; init; } = "uploads";

    /// <summary>Leaves the key out.</summary>
    public override string ToString() => $"account {AccountName} at {Endpoint}";
}
