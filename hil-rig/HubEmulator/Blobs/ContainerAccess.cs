using HubEmulator.Identity;
using Microsoft.AspNetCore.WebUtilities;

namespace HubEmulator.Blobs;

/// <summary>The hub's own store for whoever names it by its address and a signature for the container: <c>https://{hub}[:port]/uploads?sv=…&amp;sr=c&amp;sp=rw&amp;sig=…</c>.</summary>
internal sealed class ContainerAccess(HubHosts hosts, BlobStore store, BlobAccount account, TimeProvider clock)
{
    /// <summary>Judges an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="permission">What is asked for: r or w.</param>
    /// <returns>Null, or why it does not open the container.</returns>
    public string? FindFault(string? text, char permission)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || !hosts.Contains(address.Authority) || address.AbsolutePath.Trim('/') != BlobEndpoint.Container)
        {
            return $"must be the address of the hub's own container, /{BlobEndpoint.Container}, with a signature for it (sr=c); other stores are not reached from here";
        }

        var sas = new BlobSas(QueryHelpers.ParseQuery(address.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal));
        return sas.Check(account, BlobEndpoint.Container, null, permission, clock.GetUtcNow()) is { } refusal ? $"is refused by the store: {refusal.Code}; it needs sr=c and sp={permission}" : null;
    }

    /// <returns>The text of a blob, or null when there is none.</returns>
    public async Task<string?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        if (store.TryOpen(name) is not { } found)
        {
            return null;
        }

        using var reader = new StreamReader(found.Content);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <exception cref="IOException">The store is full, or cannot be written.</exception>
    public async Task WriteAsync(string name, string text, CancellationToken cancellationToken)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        (_, BlobFailure? failure) = await store.PutAsync(new BlobContent(name, new MemoryStream(bytes), bytes.Length, Digest: null), [], default, cancellationToken);
        if (failure is not null)
        {
            throw new IOException($"The store refuses {name}: {failure.Code}.");
        }
    }
}
