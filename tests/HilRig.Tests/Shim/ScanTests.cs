using System.Diagnostics;
using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.BusServer;

namespace HilRig.Tests.Shim;

/// <summary><c>sensornode scan</c> of the same board over device nodes and over the remote bus.</summary>
public sealed class ScanTests
{
    private static readonly string[] Answering = ["0x23", "0x44", "0x48", "0x49", "0x62", "0x68", "0x76"];

    [Fact]
    public async Task The_scan_finds_every_chip_through_device_nodes()
    {
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        NodeProgram node = Scan(nodes.Folder, "linux");

        (int _, string output) = await nodes.RunAsync(node.File, [.. node.Arguments]);

        Assert.Equal(Answering, AddressesIn(output));
    }

    [Fact]
    public async Task The_scan_finds_every_chip_over_the_remote_bus()
    {
        using var folder = new TemporaryFolder("hilrig-scan-");
        await using ServedBoard served = ServedBoard.Start(BoardSource.Open(null, 1, new HilRig.Scenarios.Stimulus(), TimeProvider.System), ServedBoard.SocketIn(folder.Path), TimeProvider.System);
        NodeProgram node = Scan(folder.Path, "remote", "--set", $"Node:Bus:Remote={served.Endpoint}");
        using Process process = Process.Start(new ProcessStartInfo(node.File, node.Arguments) { RedirectStandardOutput = true })!;

        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Answering, AddressesIn(output));
    }

    private static NodeProgram Scan(string folder, string provider, params string[] more) => NodeProgram.Find().With(
        ["scan", "--bus", "1", "--json", "--set", $"Node:Bus:Provider={provider}", "--set", $"Node:DataFolder={folder}", .. more]);

    private static string[] AddressesIn(string output) =>
        [.. JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..])!["i2c"]![0]!["chips"]!.AsArray().Select(chip => (string)chip!["address"]!).Order(StringComparer.Ordinal)];
}
