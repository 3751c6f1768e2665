using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Primitives;

namespace HubEmulator.Blobs;

/// <summary>Get Blob and Get Blob Properties. Each returns why it refuses, or null after it has answered.</summary>
internal sealed class BlobReads(BlobStore store)
{
    /// <summary>Answers 200, or 206 for a range; a HEAD the same without content.</summary>
    public async Task<BlobFailure?> GetAsync(HttpContext context, string name)
    {
        if (store.TryOpen(name) is not (StoredBlob blob, FileStream content))
        {
            return BlobFailure.BlobNotFound;
        }

        await using FileStream closed = content;
        if (BlobCondition.Of(context.Request.Headers).CheckRead(blob) is { } refusal)
        {
            return refusal;
        }

        bool isHead = HttpMethods.IsHead(context.Request.Method);
        BlobRange? range = isHead ? new BlobRange(0, blob.Length, IsWhole: true) : BlobRange.Of(context.Request.Headers, blob.Length);
        HttpResponse response = context.Response;
        if (range is not { } part)
        {
            response.Headers.ContentRange = $"bytes */{blob.Length}";
            return BlobFailure.InvalidRange;
        }

        Describe(response, blob, part);
        if (!isHead)
        {
            content.Position = part.Offset;
            await StreamCopyOperation.CopyToAsync(content, response.Body, part.Length, context.RequestAborted);
        }

        return null;
    }

    private static void Describe(HttpResponse response, StoredBlob blob, BlobRange part)
    {
        response.StatusCode = part.IsWhole ? StatusCodes.Status200OK : StatusCodes.Status206PartialContent;
        BlobHeaders.Write(response, blob);
        foreach ((string header, string value) in blob.Headers)
        {
            response.Headers[header] = value;
        }

        response.Headers.AcceptRanges = "bytes";
        response.Headers["x-ms-blob-type"] = "BlockBlob";
        response.Headers["x-ms-creation-time"] = blob.Created.ToString("R", CultureInfo.InvariantCulture);
        response.ContentLength = part.Length;
        if (!part.IsWhole)
        {
            response.Headers.ContentRange = $"bytes {part.Offset}-{part.Offset + part.Length - 1}/{blob.Length}";
            if (response.Headers.Remove("Content-MD5", out StringValues whole))
            {
                response.Headers["x-ms-blob-content-md5"] = whole; // Content-MD5 would be that of the range
            }
        }
    }
}
