using System.Diagnostics;
using System.Globalization;
using DeviceNodes.Child;
using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Shim;
using Node.Sensors.Bus;

namespace HilRig.Tests.Shim;

/// <summary>
/// One board file, three ways to its chips, and the same transfers on each, in the same order and number: inside the program, over the remote
/// bus, and through device nodes. Time passes for drivers and chips alike, and only by the drivers' waits, so that no machine's speed decides
/// how often a busy chip is asked.
/// </summary>
public sealed class TraceTests
{
    private const string Board = """
        {
          "version": 1,
          "seed": 7,
          "chips": [
            { "chip": "BME280", "conversionTime": "maximum" },
            { "chip": "SHT31", "conversionTime": "maximum" },
            { "chip": "BH1750", "conversionTime": "maximum" },
            { "chip": "ADS1115", "conversionTime": "maximum" },
            { "chip": "SCD41", "conversionTime": "maximum" },
            { "chip": "TMP102", "address": "0x49" },
            { "chip": "MPU-6050", "conversionTime": "maximum" },
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

        BusTrace inside = await RecordAsync(folder.Path, "inside", $"emulated:{board}", new Dictionary<string, string>(), new HeldTime(), []);
        (BusTrace remote, BusTrace remoteServer) = await RecordOverServerAsync(folder.Path, board, useShim: false, []);
        (BusTrace nodes, BusTrace nodesServer) = await RecordOverServerAsync(folder.Path, board, useShim: true, []);

        string[] expected = [.. inside.Entries.Select(Text)];
        Assert.True(expected.Length > 100, $"only {expected.Length} transfers");
        Assert.True(expected.Zip(expected.Skip(1)).Count(static pair => pair.First == pair.Second) > 10, "no driver found its chip busy");
        Assert.Equal(expected, remote.Entries.Select(Text));
        Assert.Equal(expected, remoteServer.Entries.Select(Text));
        Assert.Equal(expected, nodes.Entries.Select(Text));
        Assert.Equal(expected, nodesServer.Entries.Select(Text));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Random_transfers_of_a_seed_give_the_same_trace_in_this_process_and_through_device_nodes(int seed)
    {
        Assert.SkipWhen(ShimLibrary.Obstacle() is not null, ShimLibrary.Obstacle() ?? "");
        const int Count = 1_000;
        using var folder = new TemporaryFolder("hilrig-trace-");
        string board = Path.Combine(folder.Path, "board.json");
        await File.WriteAllTextAsync(board, Board, TestContext.Current.CancellationToken);
        string[] random = [board, seed.ToString(CultureInfo.InvariantCulture), Count.ToString(CultureInfo.InvariantCulture)];

        BusTrace inside = await RecordAsync(folder.Path, "inside", $"emulated:{board}", new Dictionary<string, string>(), new HeldTime(), random);
        (BusTrace nodes, BusTrace server) = await RecordOverServerAsync(folder.Path, board, useShim: true, random);

        string[] expected = [.. inside.Entries.Select(Text)];
        Assert.Equal(Count, expected.Length);
        Assert.Equal(expected, nodes.Entries.Select(Text));
        Assert.Equal(expected, server.Entries.Select(Text));
    }

    private static string Text(BusTraceEntry entry) =>
        $"{entry.Bus} {entry.Address:X2} {entry.Operation} {Convert.ToHexString(entry.Out.Span)} {Convert.ToHexString(entry.In.Span)} {entry.Errno}";

    private static async Task<(BusTrace Client, BusTrace Server)> RecordOverServerAsync(string folder, string board, bool useShim, string[] random)
    {
        string name = useShim ? "nodes" : "remote";
        string serverTrace = Path.Combine(folder, $"{name}-server.jsonl");
        BusTrace client;
        var held = new HeldTime();
        await using (ServedBoard served = ServedBoard.Start(
            BoardSource.Load(board).CreateBoard(held), ServedBoard.SocketIn(folder), TimeProvider.System, tell: null, serverTrace))
        {
            ShimLibrary? shim = useShim ? await ShimLibrary.BuildAsync(folder, warningsAreErrors: false, TestContext.Current.CancellationToken) : null;
            client = await RecordAsync(
                folder, name, useShim ? "linux" : $"remote:{served.Endpoint}", shim?.Environment(served.Endpoint) ?? new Dictionary<string, string>(), held, random);
        }
        return (client, BusTrace.Load(serverTrace));
    }

    /// <param name="folder">Where the trace goes.</param>
    /// <param name="name">The trace's name.</param>
    /// <param name="provider">The way to the chips.</param>
    /// <param name="environment">What the other process needs besides.</param>
    /// <param name="board">The chips' time.</param>
    /// <param name="random">Board, seed and count of random transfers, or nothing for every driver's reading.</param>
    private static async Task<BusTrace> RecordAsync(
        string folder, string name, string provider, IReadOnlyDictionary<string, string> environment, HeldTime board, string[] random)
    {
        string file = Path.Combine(folder, $"{name}.jsonl");
        NodeProgram child = NodeProgram.At(Path.Combine(AppContext.BaseDirectory, "DeviceNodes.Child.dll")).With([random.Length == 0 ? "record" : "random", file, provider, .. random]);
        var start = new ProcessStartInfo(child.File, child.Arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach ((string key, string value) in environment)
        {
            start.Environment[key] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string said = "";
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("wait ", StringComparison.Ordinal))
            {
                board.Pass(TimeSpan.FromTicks(long.Parse(line["wait ".Length..], CultureInfo.InvariantCulture)));
                await process.StandardInput.WriteLineAsync("passed");
                await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            }
            else
            {
                said += line + Environment.NewLine;
            }
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, said + await errors);
        return BusTrace.Load(file);
    }
}
