using System.Diagnostics;
using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Shim;
using Node.Sensors.Bus;

namespace HilRig.Tests.Shim;

/// <summary>One board file, four ways to its chips, and the same bytes on each: inside the program, over the remote bus, and through device nodes.</summary>
public sealed class TraceTests
{
    // Conversions are over before the drivers look, so that how often they look does not depend on the machine.
    private const string Board = """
        {
          "version": 1,
          "seed": 7,
          "chips": [
            { "chip": "BME280", "conversionTime": "minimum" },
            { "chip": "SHT31", "conversionTime": "minimum" },
            { "chip": "BH1750", "conversionTime": "minimum" },
            { "chip": "ADS1115", "conversionTime": "minimum" },
            { "chip": "SCD41", "conversionTime": "minimum" },
            { "chip": "MPU-6050", "conversionTime": "minimum" },
            { "chip": "MCP3008", "select": 0 },
            { "chip": "ADXL345", "select": 1 }
          ]
        }
        """;

    [Fact]
    public async Task The_same_board_gives_the_same_trace_in_this_process_over_the_remote_bus_and_through_device_nodes()
    {
        Assert.SkipWhen(ShimLibrary.Obstacle() is not null, ShimLibrary.Obstacle() ?? "");
        using var folder = new TemporaryFolder("hilrig-trace-");
        string board = Path.Combine(folder.Path, "board.json");
        await File.WriteAllTextAsync(board, Board, TestContext.Current.CancellationToken);

        BusTrace inside = await RecordAsync(folder.Path, "inside", $"emulated:{board}", new Dictionary<string, string>());
        (BusTrace remote, BusTrace remoteServer) = await RecordOverServerAsync(folder.Path, board, useShim: false);
        (BusTrace nodes, BusTrace nodesServer) = await RecordOverServerAsync(folder.Path, board, useShim: true);

        Assert.True(inside.Entries.Count > 50, $"only {inside.Entries.Count} entries");
        Assert.All([remote, remoteServer, nodes, nodesServer], other =>
        {
            Assert.Equal(Steady(inside), Steady(other));
            Assert.Equal(Once(inside), Once(other));
        });
    }

    /// <summary>Every transfer with the chips that no driver asks over and over until they are ready.</summary>
    private static string[] Steady(BusTrace trace) =>
        [.. Answers(trace).Where(static entry => entry is not ({ Bus: "i2c-1", Address: 0x68 } or { Bus: "spi-0.1" })).Select(Text)];

    /// <summary>Every transfer with every chip; a question that is repeated and answered alike counts once, because how often depends on the machine.</summary>
    private static string[] Once(BusTrace trace)
    {
        string[] all = [.. Answers(trace).Select(Text)];
        return [.. all.Where((line, at) => at == 0 || line != all[at - 1])];
    }

    // The BME280's status tells whether it is still busy, so that it depends on the machine how often and with what it answers.
    private static IEnumerable<BusTraceEntry> Answers(BusTrace trace) =>
        trace.Entries.Where(static entry => !(entry is { Bus: "i2c-1", Address: 0x76 } && entry.Out.Span.SequenceEqual<byte>([0xF3])));

    private static string Text(BusTraceEntry entry) =>
        $"{entry.Bus} {entry.Address:X2} {entry.Operation} {Convert.ToHexString(entry.Out.Span)} {Convert.ToHexString(entry.In.Span)} {entry.Errno}";

    private static async Task<(BusTrace Client, BusTrace Server)> RecordOverServerAsync(string folder, string board, bool useShim)
    {
        string name = useShim ? "nodes" : "remote";
        string serverTrace = Path.Combine(folder, $"{name}-server.jsonl");
        BusTrace client;
        await using (ServedBoard served = ServedBoard.Start(
            BoardSource.Load(board).CreateBoard(TimeProvider.System), ServedBoard.SocketIn(folder), TimeProvider.System, tell: null, serverTrace))
        {
            ShimLibrary? shim = useShim ? await ShimLibrary.BuildAsync(folder, warningsAreErrors: false, TestContext.Current.CancellationToken) : null;
            client = await RecordAsync(
                folder, name, useShim ? "linux" : $"remote:{served.Endpoint}", shim?.Environment(served.Endpoint) ?? new Dictionary<string, string>());
        }
        return (client, BusTrace.Load(serverTrace));
    }

    private static async Task<BusTrace> RecordAsync(string folder, string name, string provider, IReadOnlyDictionary<string, string> environment)
    {
        string file = Path.Combine(folder, $"{name}.jsonl");
        NodeProgram child = NodeProgram.At(Path.Combine(AppContext.BaseDirectory, "DeviceNodes.Child.dll")).With("record", file, provider);
        var start = new ProcessStartInfo(child.File, child.Arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + errors);
        return BusTrace.Load(file);
    }
}
