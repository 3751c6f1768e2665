using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HubEmulator.Blobs;

/// <summary>Put Blob, Put Block, Put Block List and Delete Blob. Each returns why it refuses, or null after it has answered.</summary>
internal sealed class BlobWrites(BlobStore store)
{
    public async Task<BlobFailure?> PutBlobAsync(HttpContext context, string name)
    {
        HttpRequest request = context.Request;
        if (!string.Equals(request.Headers["x-ms-blob-type"], "BlockBlob", StringComparison.OrdinalIgnoreCase))
        {
            return BlobFailure.NotABlockBlob;
        }

        if (ReadContent(request, name, out BlobContent content) is { } refusal)
        {
            return refusal;
        }

        (StoredBlob? blob, BlobFailure? failure) = await store.PutAsync(
            content, BlobHeaders.Of(request.Headers, ownCount: true), BlobCondition.Of(request.Headers), context.RequestAborted);
        return Created(context.Response, blob, failure);
    }

    public async Task<BlobFailure?> PutBlockAsync(HttpContext context, string name)
    {
        BlobFailure? failure = ReadContent(context.Request, name, out BlobContent content)
            ?? await store.PutBlockAsync(content, context.Request.Query["blockid"].ToString(), context.RequestAborted);
        return Created(context.Response, null, failure);
    }

    public async Task<BlobFailure?> PutBlockListAsync(HttpContext context, string name)
    {
        HttpRequest request = context.Request;
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = store.Limits.BlockListBytes;
        using var xml = new MemoryStream();
        await request.Body.CopyToAsync(xml, context.RequestAborted);
        xml.Position = 0;
        if (!BlockReference.TryReadList(xml, store.Limits.Blocks, out List<BlockReference> list))
        {
            return BlobFailure.MalformedXml;
        }

        (StoredBlob? blob, BlobFailure? failure) = await store.CommitAsync(
            name, list, BlobHeaders.Of(request.Headers, ownCount: false), BlobCondition.Of(request.Headers), context.RequestAborted);
        return Created(context.Response, blob, failure);
    }

    public Task<BlobFailure?> DeleteAsync(HttpContext context, string name)
    {
        BlobFailure? failure = store.Delete(name, BlobCondition.Of(context.Request.Headers));
        if (failure is null)
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        return Task.FromResult(failure);
    }

    private BlobFailure? ReadContent(HttpRequest request, string name, out BlobContent content)
    {
        content = null!;
        if (request.ContentLength is not { } length)
        {
            return BlobFailure.NoLength;
        }

        if (length > store.Limits.RequestBytes)
        {
            return BlobFailure.TooLarge;
        }

        string digest = request.Headers.ContentMD5.ToString();
        byte[] bytes = new byte[digest.Length];
        if (!Convert.TryFromBase64String(digest, bytes, out int written) || written is not (0 or 16))
        {
            return new BlobFailure(400, "InvalidMd5", "Content-MD5 must be base64 of 16 bytes.");
        }

        content = new BlobContent(name, request.Body, length, written == 0 ? null : bytes[..written]);
        return null;
    }

    private static BlobFailure? Created(HttpResponse response, StoredBlob? blob, BlobFailure? failure)
    {
        if (failure is null)
        {
            response.StatusCode = StatusCodes.Status201Created;
            response.Headers["x-ms-request-server-encrypted"] = "false";
            if (blob is not null)
            {
                BlobHeaders.Write(response, blob);
            }
        }

        return failure;
    }
}
