using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Node.Benchmarks.Children;

/// <summary>The sources that this program was built from, and the SDK that builds from them.</summary>
internal static class Repository
{
    private const string Solution = "SensorNode.sln";

    /// <summary>What to say where <see cref="Root"/> is null.</summary>
    public static string Missing => $"{Solution} was not found above {AppContext.BaseDirectory}, so there is nothing to build";

    /// <summary>The folder of the solution; null where this program stands elsewhere.</summary>
    public static string? Root()
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

    /// <summary>Why nothing can be compiled natively here; null when it can.</summary>
    public static string? NativeObstacle() =>
        !OperatingSystem.IsLinux() || !IsOnPath("clang") ? "clang is not installed, so nothing can be compiled natively"
        : Root() is null ? Missing
        : null;

    /// <summary>Publishes a project for this machine; false, with what the SDK said on standard error, when that fails.</summary>
    public static bool Publish(string project, string output, bool native) => Dotnet(
        "publish", project, "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier, "--output", output, "--verbosity", "quiet", "--nologo",
        $"-p:PublishAot={(native ? "true" : "false")}", "--self-contained", native ? "true" : "false");

    /// <summary>Builds a project in Release; false when that fails.</summary>
    public static bool Build(string project) => Dotnet("build", project, "--configuration", "Release", "--verbosity", "quiet", "--nologo");

    private static bool Dotnet(params string[] arguments)
    {
        // A build server that this started would hold the output open for as long as it lives.
        using Process sdk = Process.Start(new ProcessStartInfo("dotnet", [.. arguments, "--disable-build-servers"]) { RedirectStandardOutput = true })!;
        string said = sdk.StandardOutput.ReadToEnd();
        sdk.WaitForExit();
        if (sdk.ExitCode != 0)
        {
            Console.Error.WriteLine(said);
        }

        return sdk.ExitCode == 0;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
