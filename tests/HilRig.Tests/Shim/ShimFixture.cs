using System.Diagnostics;
using HilRig.Bench;
using HilRig.BusServer;
using HilRig.Scenarios;
using HilRig.Shim;

namespace HilRig.Tests.Shim;

/// <summary>A board with every chip, shown to programs as device nodes. Skips the test where no C compiler is.</summary>
internal sealed class ShimFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<ShimLibrary>> Library = new(static () => ShimLibrary.BuildAsync(
        Path.Combine(AppContext.BaseDirectory, "shim"), warningsAreErrors: true, CancellationToken.None));

    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin"];

    private readonly TemporaryFolder _folder = new("hilrig-shim-");

    private ShimFixture(ShimLibrary library)
    {
        Shim = library;
        Served = ServedBoard.Start(BoardSource.Open(null, seed: 1, new Stimulus(), TimeProvider.System), ServedBoard.SocketIn(_folder.Path), TimeProvider.System);
    }

    public ShimLibrary Shim { get; }

    public ServedBoard Served { get; }

    public string Folder => _folder.Path;

    public static async Task<ShimFixture> StartAsync()
    {
        Assert.SkipWhen(ShimLibrary.Obstacle() is not null, ShimLibrary.Obstacle() ?? "");
        return new ShimFixture(await Library.Value);
    }

    /// <summary>Skips the test where a program is not installed.</summary>
    public static string Require(string program, string package)
    {
        string? path = Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed: the package {package} has it");
        return path!;
    }

    /// <summary>Runs a program on the emulated device nodes to its end.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }

    /// <summary>Starts a program on the emulated device nodes.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in Shim.Environment(Served.Endpoint))
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    /// <summary>Waits until a program hears a line's edges.</summary>
    public async Task UntilWatchedAsync(int line) => Assert.True(await Waiting.UntilAsync(
        () => Served.IsWatched(line), Patience, TimeProvider.System, TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Served.DisposeAsync();
        _folder.Dispose();
    }
}
