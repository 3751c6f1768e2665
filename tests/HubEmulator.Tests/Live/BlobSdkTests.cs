using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace HubEmulator.Tests.Live;

/// <summary>The unmodified storage SDK with nothing but the address that the hub gave.</summary>
public sealed class BlobSdkTests
{
    private static readonly byte[] Content = RandomBytes(300_000);

    [Fact]
    public async Task Upload_in_one_piece_and_download()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient http = hub.Client();
        BlockBlobClient blob = await BlobAsync(hub, http, "one piece.bin");

        Response<BlobContentInfo> stored = await blob.UploadAsync(
            new MemoryStream(Content),
            new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "text/x-log" }, Metadata = new Dictionary<string, string> { ["origin"] = "test" } },
            TestContext.Current.CancellationToken);
        Response<BlobDownloadResult> read = await blob.DownloadContentAsync(TestContext.Current.CancellationToken);

        Assert.Equal(201, stored.GetRawResponse().Status);
        Assert.Equal(Content, read.Value.Content.ToArray());
        Assert.Equal(stored.Value.ETag, read.Value.Details.ETag);
        Assert.Equal(stored.Value.LastModified, read.Value.Details.LastModified);
        Assert.Equal("text/x-log", read.Value.Details.ContentType);
        Assert.Equal("test", read.Value.Details.Metadata["origin"]);
        Assert.Equal(BlobType.Block, read.Value.Details.BlobType);
    }

    [Fact]
    public async Task Staged_blocks_become_a_blob_in_the_order_of_the_list()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient http = hub.Client();
        BlockBlobClient blob = await BlobAsync(hub, http, "blocks.bin");
        string[] ids = ["MDAwMDAw", "ICAgICAx", "MDAwMDAy"]; // the forms of two device SDKs, zero-padded and right-aligned

        await Task.WhenAll(ids.Select((id, index) => blob.StageBlockAsync(id, new MemoryStream([.. Content.Skip(index * 100_000).Take(100_000)]), cancellationToken: TestContext.Current.CancellationToken)));
        RequestFailedException early = await Assert.ThrowsAsync<RequestFailedException>(() => blob.GetPropertiesAsync(cancellationToken: TestContext.Current.CancellationToken));
        await blob.CommitBlockListAsync(ids, cancellationToken: TestContext.Current.CancellationToken);
        Response<BlobDownloadResult> read = await blob.DownloadContentAsync(TestContext.Current.CancellationToken);
        Response<BlobDownloadResult> range = await blob.DownloadContentAsync(
            new BlobDownloadOptions { Range = new HttpRange(99_990, 20) }, TestContext.Current.CancellationToken);

        Assert.Equal((404, "BlobNotFound"), (early.Status, early.ErrorCode));
        Assert.Equal(Content, read.Value.Content.ToArray());
        Assert.Equal(Content[99_990..100_010], range.Value.Content.ToArray());
        Assert.Equal("bytes 99990-100009/300000", range.Value.Details.ContentRange);
    }

    [Fact]
    public async Task A_stream_is_written_and_read_back()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient http = hub.Client();
        BlockBlobClient blob = await BlobAsync(hub, http, "äöü/stream #1.bin");

        await using (Stream target = await blob.OpenWriteAsync(overwrite: true, new BlockBlobOpenWriteOptions { BufferSize = 64 * 1024 }, TestContext.Current.CancellationToken))
        {
            await target.WriteAsync(Content, TestContext.Current.CancellationToken);
        }

        using var read = new MemoryStream();
        await using Stream source = await blob.OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = 50_000 }, TestContext.Current.CancellationToken);
        await source.CopyToAsync(read, TestContext.Current.CancellationToken);

        Assert.Equal(SHA256.HashData(Content), SHA256.HashData(read.ToArray()));
    }

    [Fact]
    public async Task The_sdk_sees_errors_as_such_and_rides_out_a_busy_store()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient http = hub.Client();
        BlockBlobClient blob = await BlobAsync(hub, http, "errors.bin");
        await blob.UploadAsync(new MemoryStream([1]), cancellationToken: TestContext.Current.CancellationToken);

        RequestFailedException exists = await Assert.ThrowsAsync<RequestFailedException>(() => blob.UploadAsync(
            new MemoryStream([2]), new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } }, TestContext.Current.CancellationToken));
        RequestFailedException unknown = await Assert.ThrowsAsync<RequestFailedException>(() => blob.CommitBlockListAsync(["MDAwMDAw"], cancellationToken: TestContext.Current.CancellationToken));
        RequestFailedException kept = await Assert.ThrowsAsync<RequestFailedException>(() => blob.DeleteAsync(cancellationToken: TestContext.Current.CancellationToken));
        hub.Hub.FailStorageRequests(2, 503);
        Response<BlobContentInfo> stored = await blob.UploadAsync(new MemoryStream([3]), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((409, "BlobAlreadyExists"), (exists.Status, exists.ErrorCode));
        Assert.Equal((400, "InvalidBlockList"), (unknown.Status, unknown.ErrorCode));
        Assert.Equal((403, "AuthorizationPermissionMismatch"), (kept.Status, kept.ErrorCode));
        Assert.Equal(201, stored.GetRawResponse().Status);
        Assert.Equal([3], (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToArray());
    }

    private static async Task<BlockBlobClient> BlobAsync(TestHub hub, HttpClient http, string name)
    {
        (_, JsonNode? answer, _) = await hub.AskAsync(name);
        string blob = string.Join('/', ((string)answer!["blobName"]!).Split('/').Select(Uri.EscapeDataString));
        var address = new Uri($"https://{(string)answer["hostName"]!}/{(string)answer["containerName"]!}/{blob}{(string)answer["sasToken"]!}");
        var options = new BlobClientOptions { Transport = new HttpClientTransport(http), Retry = { Delay = TimeSpan.FromMilliseconds(1), MaxRetries = 3 } };
        return new BlockBlobClient(address, options);
    }

    private static byte[] RandomBytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(20260101).NextBytes(bytes);
        return bytes;
    }
}
