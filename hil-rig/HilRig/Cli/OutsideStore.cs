using System.CommandLine;
using HubEmulator;

namespace HilRig.Cli;

/// <summary>The options of <c>hilrig hub</c> that send uploads to a blob store outside the hub, such as Azurite.</summary>
internal static class OutsideStore
{
    private static readonly Option<string?> Endpoint = new("--blob-store")
    {
        Description = "A blob store for file uploads instead of the hub's own, such as 127.0.0.1:10000/devstoreaccount1; its container must exist.",
        HelpName = "HOST[:PORT][/ACCOUNT]",
    };

    private static readonly Option<string?> Account = new("--blob-account") { Description = "The account of --blob-store and its base64 key.", HelpName = "NAME=KEY" };

    private static readonly Option<string?> Container = new("--blob-container") { Description = "The container of --blob-store (default: uploads).", HelpName = "NAME" };

    public static void AddTo(Command command)
    {
        command.Add(Endpoint);
        command.Add(Account);
        command.Add(Container);
        command.Validators.Add(result =>
        {
            bool hasStore = result.GetResult(Endpoint) is not null;
            if (hasStore != result.GetResult(Account) is not null || (result.GetResult(Container) is not null && !hasStore))
            {
                result.AddError("--blob-store and --blob-account NAME=KEY go together, and --blob-container with them.");
            }
        });
    }

    /// <returns>Null when none was asked for.</returns>
    public static BlobStorage? Read(ParseResult parsed) =>
        parsed.GetValue(Endpoint) is { } endpoint ? Describe(endpoint, parsed.GetValue(Account) ?? "", parsed.GetValue(Container)) : null;

    /// <summary>Splits <c>NAME=KEY</c> at the first equals sign, because a base64 key may end in some.</summary>
    internal static BlobStorage Describe(string endpoint, string account, string? container)
    {
        int equals = account.IndexOf('=', StringComparison.Ordinal);
        var storage = new BlobStorage
        {
            Endpoint = endpoint,
            AccountName = equals < 0 ? account : account[..equals],
            AccountKey = equals < 0 ? "" : account[(equals + 1)..],
        };
        return container is null ? storage : storage with { Container = container };
    }
}
