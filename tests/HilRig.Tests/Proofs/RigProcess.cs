using System.Diagnostics;
using HilRig.Bench;
using HilRig.Service;

namespace HilRig.Tests.Proofs;

/// <summary>The rig's own program as a process, with a note of its hub that is not the user's.</summary>
internal sealed class RigProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly NodeProcess _process;

    private RigProcess(NodeProcess process)
    {
        _process = process;
    }

    public string Output => string.Join(Environment.NewLine, _process.Log.Lines(1000));

    public static RigProcess Start(TemporaryFolder state, params string[] arguments)
    {
        NodeProgram rig = NodeProgram.At(Path.Combine(AppContext.BaseDirectory, "hilrig.dll"));
        var environment = new Dictionary<string, string> { [LastHub.Variable] = state.Path };
        return new RigProcess(NodeProcess.Start(rig.With(arguments), environment, new LogTail(1000), echo: null, TimeProvider.System));
    }

    /// <summary>Runs a command that ends by itself.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(TemporaryFolder state, TimeSpan deadline, params string[] arguments)
    {
        await using RigProcess rig = Start(state, arguments);
        return (await rig.ExitAsync(deadline), rig.Output);
    }

    public async Task<int> ExitAsync(TimeSpan deadline)
    {
        Assert.True(
            await Waiting.UntilAsync(() => _process.Exited.IsCompleted, deadline, TimeProvider.System, TestContext.Current.CancellationToken),
            $"still running after {deadline}:{Environment.NewLine}{Output}");
        return await _process.Exited;
    }

    public async Task HearAsync(string text)
    {
        bool heard = await Waiting.UntilAsync(
            () => Output.Contains(text, StringComparison.Ordinal) || _process.Exited.IsCompleted,
            Patience,
            TimeProvider.System,
            TestContext.Current.CancellationToken);
        Assert.True(heard && Output.Contains(text, StringComparison.Ordinal), $"never said '{text}':{Environment.NewLine}{Output}");
    }

    /// <summary>What Ctrl-C does.</summary>
    public async Task InterruptAsync()
    {
        using Process kill = Process.Start("/bin/kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
