using System.Text;
using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Tests.Proofs;

/// <summary>A burst of the real node's vibration sensor, asked for by the hub's service side and stored in its blob store.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class CaptureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_burst_arrives_in_the_blob_store_and_its_end_is_reported()
    {
        await using ProofBench proof = await ProofBench.StartAsync();
        EmulatedBench bench = proof.Bench;
        bench.StartNode(new Dictionary<string, string>
        {
            ["Sensors:vibration:Chip"] = "ADXL345Vibration",
            ["Sensors:vibration:ChipSelect"] = "0",
            ["Sensors:vibration:Options:Pin"] = "24",
            ["Sensors:vibration:Options:Rate"] = "Hz100",
            ["Sensors:vibration:Options:WindowLength"] = "64",
            ["Sensors:vibration:Interval"] = "1h",
        });
        await proof.UntilArrivedAsync(2);

        MethodAnswer begun = await bench.Service.CallMethodAsync(bench.DeviceId, "vibration*capture", JsonNode.Parse("2"), Patience, Cancelled);
        FinishedUpload upload = await bench.Hub.Uploads.WaitForAsync(static one => one.BlobName.EndsWith(".wav", StringComparison.Ordinal), Cancelled);
        JsonNode? reported = null;
        for (int attempt = 0; attempt < 600 && (string?)reported?["state"] is not ("done" or "failed"); attempt++)
        {
            reported = (await bench.Service.GetTwinAsync(bench.DeviceId, Cancelled))["properties"]!["reported"]!["vibration"]?["captureProgress"];
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancelled);
        }

        Assert.Equal(202, begun.Status);
        Assert.True(upload.IsSuccess);
        Assert.Equal(("done", 200), ((string?)reported?["state"], (int?)reported?["samples"]));
        Assert.Equal($"{bench.DeviceId}/{reported!["blob"]}", upload.BlobName);
        Assert.Equal(upload.SizeBytes, (long)reported["bytes"]!);
        Assert.Contains(Directory.GetFiles(Path.GetDirectoryName(bench.HubFilePath)!, "*", SearchOption.AllDirectories), path => IsWave(path, upload.SizeBytes!.Value));
        Assert.Empty(Directory.GetFiles(Path.Combine(bench.NodeFolder, "bursts")));
    }

    private static bool IsWave(string path, long length)
    {
        if (new FileInfo(path).Length != length)
        {
            return false;
        }

        byte[] content = File.ReadAllBytes(path);
        return Encoding.ASCII.GetString(content, 0, 4) == "RIFF" && Encoding.ASCII.GetString(content).Contains("\"sensor\":\"vibration\"", StringComparison.Ordinal);
    }
}
