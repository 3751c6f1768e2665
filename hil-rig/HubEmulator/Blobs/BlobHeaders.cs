using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace HubEmulator.Blobs;

/// <summary>The headers of a blob, on their way in with a write and out with an answer.</summary>
internal static class BlobHeaders
{
    private const string ContentType = "Content-Type";
    private const string Metadata = "x-ms-meta-";

    private static readonly string[] Properties = [ContentType, "Content-Encoding", "Content-Language", "Content-Disposition", "Cache-Control", "Content-MD5"];

    /// <summary>What a write wants reads to answer: <c>x-ms-blob-{property}</c>, the metadata, and the content type, which is bytes when nothing is said.</summary>
    /// <param name="headers">The request's.</param>
    /// <param name="ownCount">True when the request's body is the blob, so that its own content type counts too.</param>
    /// <exception cref="BadHttpRequestException">A value holds what an answer's header cannot.</exception>
    public static Dictionary<string, string> Of(IHeaderDictionary headers, bool ownCount)
    {
        var kept = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string property in Properties)
        {
            if (headers.TryGetValue($"x-ms-blob-{property}", out StringValues value)
                || (ownCount && property == ContentType && headers.TryGetValue(property, out value)))
            {
                kept[property] = value.ToString();
            }
        }

        foreach ((string header, StringValues value) in headers.Where(pair => pair.Key.StartsWith(Metadata, StringComparison.OrdinalIgnoreCase)))
        {
            kept[header] = value.ToString();
        }

        if (kept.FirstOrDefault(pair => !Ascii.IsValid(pair.Value)) is { Key: { } foreign })
        {
            throw new BadHttpRequestException($"The value of {foreign} must be ASCII.");
        }

        kept.TryAdd(ContentType, "application/octet-stream");
        return kept;
    }

    /// <summary>Entity tag and time of a blob, which reads and writes answer alike.</summary>
    public static void Write(HttpResponse response, StoredBlob blob)
    {
        response.Headers.ETag = $"\"{blob.ETag}\"";
        response.Headers.LastModified = blob.Modified.ToString("R", CultureInfo.InvariantCulture);
    }
}
