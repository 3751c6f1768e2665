using System.CommandLine;
using HilRig.Bench;
using HilRig.Shim;

namespace HilRig.Cli;

/// <summary>The options that say in which process a bench's chips are.</summary>
internal static class BusChoice
{
    public static readonly Option<BenchBus?> Bus = new("--bus")
    {
        Description = "Where the chips are: 'emulated' inside the node (default), 'remote' in the rig, where they outlive it, or 'shim' in the rig and shown to the node as device nodes.",
        HelpName = "emulated|remote|shim",
    };

    /// <summary>The library that <see cref="BenchBus.Shim"/> needs; null for the others.</summary>
    /// <exception cref="RigException">It cannot be built here.</exception>
    public static async Task<ShimLibrary?> ShimAsync(BenchBus bus, CancellationToken cancellationToken) =>
        bus is BenchBus.Shim ? await ShimLibrary.BuildAsync(ShimLibrary.DefaultFolder(), warningsAreErrors: false, cancellationToken) : null;
}
