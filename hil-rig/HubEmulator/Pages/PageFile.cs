using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Pages;

/// <summary>One of the page's files, embedded in the assembly.</summary>
internal sealed class PageFile
{
    private readonly string _contentType;
    private readonly byte[] _content;
    private readonly string _eTag;

    private PageFile(string contentType, byte[] content)
    {
        _contentType = contentType;
        _content = content;
        _eTag = $"\"{Convert.ToHexString(SHA256.HashData(content).AsSpan(0, 8))}\"";
    }

    public static PageFile Load(string name, string contentType)
    {
        using Stream embedded = typeof(PageFile).Assembly.GetManifestResourceStream($"page/{name}")
            ?? throw new InvalidOperationException($"The hub was built without its page {name}.");
        using var copy = new MemoryStream();
        embedded.CopyTo(copy);
        return new PageFile(contentType, copy.ToArray());
    }

    /// <summary>Writes the file, or 304 to a browser that has it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Headers.ETag = _eTag;
        response.Headers.CacheControl = "no-cache"; // ask each time: another hub may be here tomorrow
        if (context.Request.Headers.IfNoneMatch == _eTag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = _contentType;
        response.ContentLength = _content.Length;
        await response.Body.WriteAsync(_content, context.RequestAborted);
    }
}
