using HilRig.Bench;

namespace HilRig.Tests.Proofs;

/// <summary>An emulated bench with a quick sensor, and the waits that the proofs share.</summary>
internal sealed class ProofBench : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _folder;

    private ProofBench(TemporaryFolder folder, EmulatedBench bench)
    {
        _folder = folder;
        Bench = bench;
    }

    public EmulatedBench Bench { get; }

    public static async Task<ProofBench> StartAsync(string interval = "100ms", IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = new TemporaryFolder("hilrig-proof-");
        var options = new BenchOptions
        {
            Folder = folder.Path,
            Program = NodeProgram.Find(),
            NodeSettings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["Sensors:climate:Interval"] = interval },
        };
        return new ProofBench(folder, await EmulatedBench.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>Waits for something to become true; a failure shows what the node said last.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        bool met = await Waiting.UntilAsync(() => condition() || Bench.DiedByItself.IsCompleted, Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(met && condition(), $"{what}{Environment.NewLine}{string.Join(Environment.NewLine, Bench.Log.Lines(40))}");
    }

    public Task UntilArrivedAsync(long readings) => UntilAsync(() => Bench.Arrivals.Refresh() >= readings, $"{readings} readings at the hub");

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        _folder.Dispose();
    }
}
