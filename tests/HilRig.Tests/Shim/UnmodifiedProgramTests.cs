using System.Diagnostics;
using HilRig.Bench;
using HilRig.Shim;
using Node.Sensors.Drivers;

namespace HilRig.Tests.Shim;

/// <summary>Programs that know nothing of the rig on its device nodes: one in C, one over System.Device.Gpio, and the node itself.</summary>
public sealed class UnmodifiedProgramTests
{
    [Fact]
    public async Task A_c_program_finds_results_values_and_error_numbers_as_on_a_pi()
    {
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        string program = await CompileAsync(nodes.Folder);

        (int exitCode, string output) = await nodes.RunAsync(program);

        Assert.True(exitCode == 0, output);
        Assert.Contains(" expectations, 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_library_the_same_program_finds_nothing()
    {
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        Assert.SkipWhen(File.Exists("/dev/i2c-1"), "this machine has an I2C bus of its own");
        string program = await CompileAsync(nodes.Folder);

        using Process process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual(0, process.ExitCode);
    }

    [Fact]
    public async Task System_device_gpio_reads_all_chips_and_fails_as_on_a_pi()
    {
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        NodeProgram child = Child("read");

        (int exitCode, string output) = await nodes.RunAsync(child.File, [.. child.Arguments]);

        Assert.True(exitCode == 0, output);
        Assert.All(SensorCatalog.Chips, chip => Assert.Contains($"{chip.Name}: ", output, StringComparison.Ordinal));
        Assert.Contains("absent chip: Error 121", output, StringComparison.Ordinal);
        Assert.Contains("absent select: Error 2", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task System_device_gpio_drives_an_output_and_hears_edges()
    {
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        NodeProgram child = Child("lines", "6", "5", "4");
        using Process process = nodes.Start(child.File, [.. child.Arguments]);
        string? first = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        bool wasHigh = nodes.Served.Board.Gpio.IsHigh(6);

        var edges = new List<string?>();
        foreach (bool level in (bool[])[true, false, true, false])
        {
            nodes.Served.Board.Gpio.Drive(5, level);
            edges.Add(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        string rest = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal("listening, output reads High", first);
        Assert.True(wasHigh);
        Assert.Equal(["edge Rising", "edge Falling", "edge Rising", "edge Falling"], edges);
        Assert.Contains("done, output reads Low", rest, StringComparison.Ordinal);
        Assert.Contains("4 edges with the kernel's time", rest, StringComparison.Ordinal);
        Assert.Contains("line 5 is in use by 'sensornode'", rest, StringComparison.Ordinal);
        Assert.False(nodes.Served.Board.Gpio.IsHigh(6));
    }

    [Theory, InlineData("BME280", "0x76"), InlineData("SHT31", "0x44"), InlineData("SCD41", "0x62"), InlineData("ADS1115", "0x48")]
    public async Task The_node_s_own_program_reads_through_its_linux_bus(string chip, string address)
    {
        await using ShimFixture nodes = await ShimFixture.StartAsync();
        NodeProgram node = NodeProgram.Find().With(
            "read", "climate", "--set", "Node:Bus:Provider=linux", "--set", $"Node:Sensors:climate:Chip={chip}", "--set", $"Node:Sensors:climate:Address={address}",
            "--set", $"Node:DataFolder={nodes.Folder}");

        (int exitCode, string output) = await nodes.RunAsync(node.File, [.. node.Arguments]);

        Assert.True(exitCode == 0, output);
        Assert.StartsWith("climate  ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bench_runs_the_node_on_device_nodes_and_its_led_is_a_line()
    {
        Assert.SkipWhen(ShimLibrary.Obstacle() is not null, ShimLibrary.Obstacle() ?? "");
        using var folder = new TemporaryFolder("hilrig-proof-");
        var options = new BenchOptions
        {
            Folder = folder.Path,
            Program = NodeProgram.Find(),
            Bus = BenchBus.Shim,
            Shim = await ShimLibrary.BuildAsync(folder.Path, warningsAreErrors: false, TestContext.Current.CancellationToken),
            NodeSettings = new Dictionary<string, string> { ["Sensors:climate:Interval"] = "200ms" },
        };
        await using EmulatedBench bench = await EmulatedBench.StartAsync(options, TestContext.Current.CancellationToken);
        bench.StartNode();
        bool arrived = await Waiting.UntilAsync(() => bench.Arrivals.Refresh() >= 3 || bench.DiedByItself.IsCompleted, TimeSpan.FromMinutes(2), TimeProvider.System, TestContext.Current.CancellationToken);

        await bench.Service.CallMethodAsync(bench.DeviceId, "led*setState", System.Text.Json.Nodes.JsonNode.Parse("""{"state":"on"}"""), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        Assert.True(arrived && !bench.DiedByItself.IsCompleted, string.Join(Environment.NewLine, bench.Log.Lines(40)));
        Assert.True(bench.Board!.Board.Gpio.IsHigh(17));
    }

    private static NodeProgram Child(params string[] arguments) => NodeProgram.At(Path.Combine(AppContext.BaseDirectory, "DeviceNodes.Child.dll")).With(arguments);

    private static async Task<string> CompileAsync(string folder)
    {
        string target = Path.Combine(folder, "device-nodes-test");
        string source = Path.Combine(AppContext.BaseDirectory, "Shim", "device_nodes_test.c");
        using Process compiler = Process.Start(new ProcessStartInfo(ShimFixture.Require("cc", "gcc"), ["-std=c11", "-O1", "-Wall", "-Wextra", "-o", target, source, "-ldl", "-lpthread"]) { RedirectStandardError = true })!;
        string errors = await compiler.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await compiler.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(compiler.ExitCode == 0, errors);
        return target;
    }
}
