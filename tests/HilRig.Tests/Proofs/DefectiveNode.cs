using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;

namespace HilRig.Tests.Proofs;

/// <summary>A bench whose chips and pins are in the rig, so that it sees what the node leaves behind, and whose node can be made to fail from within.</summary>
internal sealed class DefectiveNode : IAsyncDisposable
{
    public const int LedPin = 17;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder;

    private DefectiveNode(TemporaryFolder folder, EmulatedBench bench) => (_folder, Bench) = (folder, bench);

    public EmulatedBench Bench { get; }

    public bool IsLedOn => Bench.Board!.Board.Gpio.IsHigh(LedPin);

    public static async Task<DefectiveNode> StartAsync(params (string Key, string Value)[] settings)
    {
        var folder = new TemporaryFolder("hilrig-proof-");
        NodeProgram program = NodeProgram.Find();
        var options = new BenchOptions
        {
            Folder = folder.Path,
            Program = new NodeProgram("/usr/bin/env",
                [$"DOTNET_STARTUP_HOOKS={typeof(StartupHook).Assembly.Location}", $"{StartupHook.FolderVariable}={folder.Path}", program.File, .. program.Arguments]),
            Bus = BenchBus.Remote,
            NodeSettings = new Dictionary<string, string>(settings.Select(each => KeyValuePair.Create(each.Key, each.Value)))
            {
                ["Sensors:climate:Interval"] = "200ms",
                ["Actuators:led:Pin"] = $"{LedPin}",
            },
        };
        return new DefectiveNode(folder, await EmulatedBench.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public async Task StartNodeAsync()
    {
        long before = Bench.Arrivals.Refresh();
        Bench.StartNode();
        await UntilAsync(() => Bench.Arrivals.Refresh() >= before + 2, "readings at the hub");
    }

    public void Fail(string how) => File.WriteAllText(Path.Combine(_folder.Path, how), "");

    public void Mend(string how) => File.Delete(Path.Combine(_folder.Path, how));

    public Task<MethodAnswer> CallAsync(string name, string payload) =>
        Bench.Service.CallMethodAsync(Bench.DeviceId, name, JsonNode.Parse(payload), TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    public async Task<JsonObject> ReportedAsync() =>
        (await Bench.Service.GetTwinAsync(Bench.DeviceId, TestContext.Current.CancellationToken))["properties"]!["reported"]!.AsObject();

    public async Task UntilAsync(Func<bool> condition, string what)
    {
        bool met = await Waiting.UntilAsync(condition, Deadline, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(met, $"{what}{Environment.NewLine}{string.Join(Environment.NewLine, Bench.Log.Lines(60))}");
    }

    public async ValueTask DisposeAsync()
    {
        await Bench.DisposeAsync();
        _folder.Dispose();
    }
}
