using HubEmulator;

namespace Node.HubClient.Tests.Interop.Azurite;

/// <summary>Uploads to Azurite at addresses that the hub emulator gives, read back by Microsoft's own storage client.</summary>
public sealed class AzuriteTests(AzuriteStore store) : IClassFixture<AzuriteStore>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(4 << 20)]
    [InlineData((13 << 20) + 7)]
    public async Task A_whole_arrives_byte_for_byte(int bytes)
    {
        await using LocalHub hub = await StartAsync();
        using IotHubClientLL client = Client(hub);
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);

        FileUpload finished = await UploadAsync(client, client.UploadToBlobAsync($"whole/ä {bytes}.bin", content, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((FileUploadResult.Ok, (long)bytes), (finished.Result, finished.StoredBytes));
        Assert.Equal(content, await ReadAsync($"dev1/whole/ä {bytes}.bin"));
        Assert.True(Assert.Single(hub.Uploads.Snapshot()).IsSuccess);
    }

    [Fact]
    public async Task Blocks_of_a_callback_are_joined_in_their_order()
    {
        await using LocalHub hub = await StartAsync();
        using IotHubClientLL client = Client(hub);
        var expected = new List<byte>();
        var block = new byte[70_000];
        int blocks = 0;
        FileUpload? ended = null;
        client.UploadMultipleBlocksToBlob("blocks", (upload, _) =>
        {
            ended = upload.IsFinished ? upload : null;
            if (!upload.IsFinished && blocks < 40)
            {
                Array.Fill(block, (byte)blocks++); // One buffer serves all: the block before is stored when the next one is asked for.
                expected.AddRange(block.Take(1_000 * blocks));
                upload.SetBlock(block.AsMemory(0, 1_000 * blocks));
            }
        });

        Work(client, () => ended is not null);

        Assert.Equal((FileUploadResult.Ok, 40), (ended!.Result, ended.StoredBlocks));
        Assert.Equal(expected, (IEnumerable<byte>)await ReadAsync("dev1/blocks"));
    }

    [Fact]
    public async Task An_abort_leaves_no_blob_and_tells_the_hub()
    {
        await using LocalHub hub = await StartAsync();
        using IotHubClientLL client = Client(hub);
        int calls = 0;
        FileUpload? ended = null;
        client.UploadMultipleBlocksToBlobEx("aborted", (upload, _) =>
        {
            ended = upload.IsFinished ? upload : null;
            upload.SetBlock(new byte[100]);
            return ++calls == 3 ? FileUploadGetDataResult.Abort : FileUploadGetDataResult.Ok;
        });

        Work(client, () => ended is not null);

        Assert.Equal((false, 400), Assert.Single(hub.Uploads.Snapshot().Select(told => (told.IsSuccess, told.StatusCode))));
        Assert.False((await store.Blobs.GetBlobClient("dev1/aborted").ExistsAsync(TestContext.Current.CancellationToken)).Value);
    }

    [Fact]
    public async Task A_signature_that_the_store_refuses_ends_the_upload_and_frees_the_slot()
    {
        await using LocalHub hub = await StartAsync(key: Convert.ToBase64String(new byte[64]));
        using IotHubClientLL client = Client(hub);

        var failed = await Assert.ThrowsAsync<HubClientException>(() => UploadAsync(client, client.UploadToBlobAsync("x", new byte[10], cancellationToken: TestContext.Current.CancellationToken)));

        Assert.Contains("status 403", failed.Message, StringComparison.Ordinal);
        Assert.False(Assert.Single(hub.Uploads.Snapshot()).IsSuccess);
    }

    private Task<LocalHub> StartAsync(string key = AzuriteStore.Key)
    {
        Assert.SkipWhen(store.Missing is not null, store.Missing ?? "");
        var storage = new BlobStorage { Endpoint = $"127.0.0.1:{store.Port}/{AzuriteStore.Account}", AccountName = AzuriteStore.Account, AccountKey = key, Container = AzuriteStore.Container };
        return LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("dev1", null)], BlobStorage = storage }, TestContext.Current.CancellationToken);
    }

    private IotHubClientLL Client(LocalHub hub) => IotHubClientLL.CreateFromConnectionString(
        hub.DeviceConnectionString("dev1"),
        new HubClientOptions { Port = hub.MqttPort, HttpsPort = hub.HttpsPort, TrustedRootsPem = $"{File.ReadAllText(hub.CaFile)}\n{store.RootPem}" });

    private async Task<byte[]> ReadAsync(string blob) =>
        (await store.Blobs.GetBlobClient(blob).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToArray();

    private static async Task<FileUpload> UploadAsync(IotHubClientLL client, Task<FileUpload> upload)
    {
        Work(client, () => upload.IsCompleted);
        return await upload;
    }

    private static void Work(IotHubClientLL client, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }
}
