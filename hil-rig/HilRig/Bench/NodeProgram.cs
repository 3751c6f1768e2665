using System.Reflection;

namespace HilRig.Bench;

/// <summary>The command that starts the node: a file, and the arguments that go before the node's own.</summary>
internal sealed record NodeProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>Names another node than the one built beside the rig: a published program or a <c>.dll</c>.</summary>
    public const string Variable = "HILRIG_NODE";

    private const string BuiltPathKey = "NodeProgram";

    /// <summary>The node of <c>HILRIG_NODE</c>, else the one that was built with the rig.</summary>
    /// <exception cref="RigException">Neither exists.</exception>
    public static NodeProgram Find() => At(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : BuiltPath());

    /// <summary>A <c>.dll</c> is run by the .NET host that runs the rig, anything else directly.</summary>
    /// <exception cref="RigException">There is no such file.</exception>
    public static NodeProgram At(string path)
    {
        if (!System.IO.File.Exists(path))
        {
            throw new RigException(RigFault.NodeMissing, $"{path}: the node's program is not there; build it with 'dotnet build src/Node.Host', or set {Variable} to a published one");
        }
        return Path.GetExtension(path) == ".dll" ? new NodeProgram(DotnetHost(), [path]) : new NodeProgram(path, []);
    }

    /// <summary>The same program with arguments of its own after those that start it.</summary>
    public NodeProgram With(params string[] arguments) => this with { Arguments = [.. Arguments, .. arguments] };

    private static string BuiltPath() =>
        typeof(NodeProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == BuiltPathKey)?.Value
        ?? throw new RigException(RigFault.NodeMissing, $"this rig was built without a node beside it; set {Variable} to the node's program");

    // Beside shared/Microsoft.NETCore.App/<version>/ of the running runtime: right even when no 'dotnet' is on the path.
    private static string DotnetHost()
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return System.IO.File.Exists(host) ? host : "dotnet";
    }
}
