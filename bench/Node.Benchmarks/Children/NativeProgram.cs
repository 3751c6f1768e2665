using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Children;

/// <summary>The program of <c>bench/Node.NativeProbe</c>, published twice: natively compiled, and for the runtime.</summary>
internal sealed class NativeProgram
{
    private const string Solution = "SensorNode.sln";
    private readonly string _folder;
    private readonly string _name;

    private NativeProgram(string folder, string name)
    {
        _folder = folder;
        _name = name;
    }

    /// <summary>Publishes both; null, with the reason, where that cannot be done.</summary>
    public static (NativeProgram? Native, NativeProgram? Managed, string Why) Publish()
    {
        if (!OperatingSystem.IsLinux() || !IsOnPath("clang"))
        {
            return (null, null, "clang is not installed, so nothing can be compiled natively");
        }

        if (SourceRoot() is not { } root)
        {
            return (null, null, $"{Solution} was not found above {AppContext.BaseDirectory}, so there is nothing to publish");
        }

        string project = Path.Combine(root, "bench", "Node.NativeProbe");
        string folder = Path.Combine(AppContext.BaseDirectory, "native-probe");
        bool done = Run(project, Path.Combine(folder, "aot"), native: true) && Run(project, Path.Combine(folder, "jit"), native: false);
        return done
            ? (new NativeProgram(Path.Combine(folder, "aot"), "Node.NativeProbe"), new NativeProgram(Path.Combine(folder, "jit"), "Node.NativeProbe"), "")
            : (null, null, "dotnet publish of bench/Node.NativeProbe failed");
    }

    /// <summary>Runs it and returns what it printed.</summary>
    public double[] Answer(string task, Endpoint endpoint)
    {
        using Process child = Process.Start(new ProcessStartInfo(Path.Combine(_folder, _name))
        {
            ArgumentList = { task, endpoint.Port.ToString(CultureInfo.InvariantCulture), Convert.ToBase64String(Encoding.ASCII.GetBytes(endpoint.RootPem)) },
            RedirectStandardOutput = true,
        })!;
        string printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? [.. printed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))]
            : throw new InvalidOperationException($"{_folder} ended with code {child.ExitCode}.");
    }

    private static bool Run(string project, string output, bool native)
    {
        string system = RuntimeInformation.RuntimeIdentifier;
        using Process publish = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "publish", project, "--configuration", "Release", "--runtime", system, "--output", output, "--verbosity", "quiet", "--nologo", $"-p:PublishAot={(native ? "true" : "false")}", "--self-contained", native ? "true" : "false" },
            RedirectStandardOutput = true,
        })!;
        string said = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        if (publish.ExitCode != 0)
        {
            Console.Error.WriteLine(said);
        }

        return publish.ExitCode == 0;
    }

    private static string? SourceRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
