using HubEmulator.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Blobs;

/// <summary>
/// The built-in store over HTTPS, <c>/{container}/{blob}</c>: Put Blob, Put Block, Put Block List, Get Blob, Get Blob Properties and Delete Blob
/// of the Blob service, each with a signature for that one blob, or for the container.
/// </summary>
internal sealed partial class BlobEndpoint(HubHosts hosts, BlobStore store, BlobAccount account, StorageFaults faults, TimeProvider clock, ILogger log)
{
    /// <summary>The one container; it always exists.</summary>
    public const string Container = "uploads";

    private const string DefaultVersion = BlobSas.SignedVersion;
    private const int LongestEcho = 1024;

    private readonly BlobWrites _writes = new(store);
    private readonly BlobReads _reads = new(store);

    public void Map(WebApplication server)
    {
        RequestDelegate answer = AnswerAsync;
        server.Map($"/{Container}/{{**blob}}", answer);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} refused by the blob store: {Code}.")]
    private partial void LogRefused(string method, string path, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed inside the blob store.")]
    private partial void LogFailed(string method, string path, Exception cause);

    private async Task AnswerAsync(HttpContext context)
    {
        Prepare(context);
        BlobFailure? failure;
        try
        {
            failure = faults.TryTake(out int status) ? BlobFailure.Injected(status) : await ServeAsync(context);
        }
        catch (BadHttpRequestException bad)
        {
            failure = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? BlobFailure.TooLarge : new BlobFailure(400, "InvalidInput", bad.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the caller has gone, or the hub plays dead
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            LogFailed(context.Request.Method, context.Request.Path, defect);
            failure = BlobFailure.Internal;
        }

        if (failure is not null)
        {
            LogRefused(context.Request.Method, context.Request.Path, failure.Code);
            await failure.WriteAsync(context.Response, clock.GetUtcNow());
        }
    }

    /// <summary>Sets what every answer carries, and lets large bodies in.</summary>
    private void Prepare(HttpContext context)
    {
        context.Features.GetRequiredFeature<IStatusCodePagesFeature>().Enabled = false; // errors here are XML
        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = store.Limits.RequestBytes;
        IHeaderDictionary headers = context.Response.Headers;
        string version = context.Request.Headers["x-ms-version"].ToString();
        headers.Server = "Windows-Azure-Blob/1.0";
        headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        headers["x-ms-version"] = version.Length is > 0 and <= LongestEcho ? version : DefaultVersion;
        string own = context.Request.Headers["x-ms-client-request-id"].ToString();
        if (own.Length is > 0 and <= LongestEcho)
        {
            headers["x-ms-client-request-id"] = own; // the SDK compares it
        }
    }

    private Task<BlobFailure?> ServeAsync(HttpContext context)
    {
        if (!hosts.Contains(context.Request.Host.Value ?? "") || !BlobAddress.TryRead(context, Container, out string name))
        {
            return Task.FromResult<BlobFailure?>(new BlobFailure(400, "InvalidUri", "The URI is not one of a blob in this store."));
        }

        string operation = $"{context.Request.Method} {context.Request.Query["comp"]}".TrimEnd();
        return operation switch
        {
            "GET" or "HEAD" => Allow(context, name, 'r') ?? _reads.GetAsync(context, name),
            "PUT" => Allow(context, name, 'w') ?? _writes.PutBlobAsync(context, name),
            "PUT block" => Allow(context, name, 'w') ?? _writes.PutBlockAsync(context, name),
            "PUT blocklist" => Allow(context, name, 'w') ?? _writes.PutBlockListAsync(context, name),
            "DELETE" => Allow(context, name, 'd') ?? _writes.DeleteAsync(context, name),
            _ when context.Request.Query.ContainsKey("comp") => Task.FromResult<BlobFailure?>(BlobFailure.InvalidQuery("comp")),
            _ => Task.FromResult<BlobFailure?>(new BlobFailure(405, "UnsupportedHttpVerb", "The resource doesn't support the specified HTTP verb.")),
        };
    }

    /// <returns>Null when the operation may go on.</returns>
    private Task<BlobFailure?>? Allow(HttpContext context, string name, char permission)
    {
        BlobFailure? refusal = BlobSas.Of(context.Request.Query).Check(account, Container, name, permission, clock.GetUtcNow());
        return refusal is null ? null : Task.FromResult<BlobFailure?>(refusal);
    }
}
