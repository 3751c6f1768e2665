using System.Globalization;
using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class UploadTests(SdkPackages sdk)
{
    [Theory]
    [InlineData(1000)]
    [InlineData((9 << 20) + 17)] // three blocks of 4 MiB at most
    public async Task A_file_is_uploaded_and_reported(int size)
    {
        using var folder = new TemporaryFolder();
        await using InteropHub hub = await InteropHub.StartAsync(sdk, Options(folder));
        await using NodeScript script = Run(hub, size);

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal(size, (int?)findings["uploaded"]);
        FinishedUpload upload = Assert.Single(hub.Hub.Uploads.Snapshot());
        Assert.Equal(("dev-01/logs/run 1.bin", true, size), (upload.BlobName, upload.IsSuccess, upload.SizeBytes));
        byte[] stored = await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder.Path, "*.bin", SearchOption.AllDirectories)), hub.Patience);
        Assert.Equal(Enumerable.Range(0, size).Select(index => (byte)(index % 251)), stored);
    }

    [Fact]
    public async Task A_hub_without_storage_refuses_and_the_sdk_says_so()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk, new LocalHubOptions { Devices = [new LocalDevice(InteropHub.DeviceId)], FileUpload = false });
        await using NodeScript script = Run(hub, 10);

        JsonNode findings = await script.FindingsAsync();

        Assert.Equal("BlobSasError", (string?)findings["error"]!["name"]);
        Assert.Empty(hub.Hub.Uploads.Snapshot());
    }

    private static LocalHubOptions Options(TemporaryFolder folder) =>
        new() { Devices = [new LocalDevice(InteropHub.DeviceId, InteropHub.Key)], DataFolder = folder.Path };

    private static NodeScript Run(InteropHub hub, int size) =>
        hub.Run("upload.js", ("SIZE", size.ToString(CultureInfo.InvariantCulture)), ("BLOB_NAME", "logs/run 1.bin"));
}
