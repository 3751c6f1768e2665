using Node.Benchmarks.Children;

namespace Node.Benchmarks.Nodes;

/// <summary>What the measurements of the whole node run: the node twice, the probe of its parts, and the hub emulator.</summary>
/// <param name="Native">Folder of the natively compiled node.</param>
/// <param name="Managed">Folder of the same node for the runtime.</param>
/// <param name="Probe">The probe's assembly.</param>
/// <param name="Rig">The rig's assembly, whose hub is used.</param>
internal sealed record NodePrograms(string Native, string Managed, string Probe, string Rig)
{
    /// <summary>Publishes and builds what is not given; null, with the reason on standard error, when that fails.</summary>
    public static NodePrograms? Make(string? native, string? managed)
    {
        if (Repository.NativeObstacle() is { } obstacle)
        {
            Console.Error.WriteLine($"{obstacle}.");
            return null;
        }

        string root = Repository.Root()!;
        string node = Path.Combine(root, "src", "Node.Host");
        string folder = Path.Combine(AppContext.BaseDirectory, "nodes");
        bool done = (native is not null || Publish(node, Path.Combine(folder, "aot"), isNative: true))
            && (managed is not null || Publish(node, Path.Combine(folder, "jit"), isNative: false))
            && Repository.Build(Path.Combine(root, "hil-rig", "HilRig"));
        return done && MakeProbe() is { } probe
            ? new NodePrograms(native ?? Path.Combine(folder, "aot"), managed ?? Path.Combine(folder, "jit"), probe, Built(root, "hil-rig", "HilRig", "hilrig.dll"))
            : null;
    }

    /// <summary>Builds the probe alone and returns its assembly; null, with the reason on standard error, when that fails.</summary>
    public static string? MakeProbe()
    {
        if (Repository.Root() is not { } root)
        {
            Console.Error.WriteLine($"{Repository.Missing}.");
            return null;
        }

        return Repository.Build(Path.Combine(root, "bench", "Node.HostProbe")) ? Built(root, "bench", "Node.HostProbe", "Node.HostProbe.dll") : null;
    }

    /// <summary>Bytes of what ships: every file of the folder but debug symbols.</summary>
    public static long Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.Extension is not (".dbg" or ".pdb")).Sum(file => file.Length);

    private static bool Publish(string project, string output, bool isNative)
    {
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true); // What an earlier version left there would be counted.
        }

        return Repository.Publish(project, output, isNative);
    }

    private static string Built(string root, string folder, string project, string file) => Path.Combine(root, folder, project, "bin", "Release", "net10.0", file);
}
