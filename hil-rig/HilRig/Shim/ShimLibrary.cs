using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace HilRig.Shim;

/// <summary>
/// The preload library that shows the rig's chips to programs as device nodes: built from its C sources, which the rig carries, by the
/// system's compiler, once for each state of the sources.
/// </summary>
internal sealed class ShimLibrary
{
    /// <summary>How every file of the library's name begins, so that it can be kept out of images.</summary>
    public const string FileName = "libsensornode-shim.so";

    private const string ResourcePrefix = "DeviceShim/";
    private static readonly string[] Compilers = ["cc", "gcc", "clang"];
    private static readonly string[] Flags = ["-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-shared", "-Wall", "-Wextra"];
    private static readonly TimeSpan CompilePatience = TimeSpan.FromMinutes(5);

    private ShimLibrary(string path)
    {
        Path = path;
    }

    /// <summary>The built library.</summary>
    public string Path { get; }

    /// <summary>Why the library cannot be built on this machine; null when it can.</summary>
    public static string? Obstacle() => (OperatingSystem.IsLinux(), FindCompiler()) switch
    {
        (false, _) => "device nodes are shown by a preload library for Linux; on this system use the remote bus",
        (_, null) => "no C compiler (cc, gcc or clang) is on the path; install gcc, or use the remote bus",
        _ => null,
    };

    /// <summary>Builds the library, or finds the one that was built from the same sources before.</summary>
    /// <param name="folder">Where built libraries are kept; made when absent.</param>
    /// <param name="warningsAreErrors">Whether a warning fails the build.</param>
    /// <param name="cancellationToken">Ends the compiler.</param>
    /// <exception cref="RigException">There is no compiler, or it failed; the text has its first line.</exception>
    public static async Task<ShimLibrary> BuildAsync(string folder, bool warningsAreErrors, CancellationToken cancellationToken)
    {
        if (Obstacle() is { } obstacle)
        {
            throw new RigException(RigFault.UnusableInput, obstacle);
        }
        IReadOnlyList<(string Name, byte[] Text)> sources = Sources();
        string target = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.Combine(folder, $"shim-{Fingerprint(sources)}")).FullName, FileName);
        if (!File.Exists(target) || warningsAreErrors)
        {
            await CompileAsync(sources, target, warningsAreErrors, cancellationToken);
        }
        return new ShimLibrary(target);
    }

    /// <summary>The variables that let a program see the chips of the server at <paramref name="endpoint"/>.</summary>
    public IReadOnlyDictionary<string, string> Environment(object endpoint)
    {
        string? others = System.Environment.GetEnvironmentVariable("LD_PRELOAD");
        return new Dictionary<string, string>
        {
            ["SENSORNODE_BUS"] = endpoint.ToString()!,
            ["LD_PRELOAD"] = string.IsNullOrEmpty(others) ? Path : $"{Path}:{others}",
        };
    }

    /// <summary>Where built libraries are kept when nobody names a folder: the user's cache.</summary>
    public static string DefaultFolder() => System.IO.Path.Combine(
        System.Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : System.IO.Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".cache"),
        "sensornode-rig");

    // Built beside its place and moved there, so that two rigs at a time never load half a library.
    private static async Task CompileAsync(
        IReadOnlyList<(string Name, byte[] Text)> sources, string target, bool warningsAreErrors, CancellationToken cancellationToken)
    {
        DirectoryInfo work = Directory.CreateTempSubdirectory("hilrig-shim-");
        try
        {
            foreach ((string name, byte[] text) in sources)
            {
                await File.WriteAllBytesAsync(System.IO.Path.Combine(work.FullName, name), text, cancellationToken);
            }
            string[] units = [.. sources.Select(static source => source.Name).Where(static name => name.EndsWith(".c", StringComparison.Ordinal))];
            string[] strict = warningsAreErrors ? ["-Werror"] : [];
            await RunCompilerAsync([.. Flags, .. strict, "-o", FileName, .. units, "-ldl", "-lpthread"], work.FullName, cancellationToken);
            string near = $"{target}.{System.Environment.ProcessId}";
            File.Copy(System.IO.Path.Combine(work.FullName, FileName), near, overwrite: true);
            File.Move(near, target, overwrite: true);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task RunCompilerAsync(string[] arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(FindCompiler()!, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using var limit = new CancellationTokenSource(CompilePatience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using Process compiler = Process.Start(start)!;
            Task<string> output = compiler.StandardOutput.ReadToEndAsync(either.Token);
            string errors = await compiler.StandardError.ReadToEndAsync(either.Token);
            await output;
            await compiler.WaitForExitAsync(either.Token);
            if (compiler.ExitCode != 0)
            {
                string first = errors.Split('\n').FirstOrDefault(static line => line.Contains("error", StringComparison.Ordinal)) ?? errors.Trim();
                throw new RigException(RigFault.UnusableInput, $"the device shim could not be compiled by {start.FileName}: {first}; is libc6-dev installed?");
            }
        }
        catch (Win32Exception fault)
        {
            throw new RigException(RigFault.UnusableInput, $"{start.FileName} would not start ({fault.Message}); install gcc", fault);
        }
    }

    private static IReadOnlyList<(string Name, byte[] Text)> Sources()
    {
        Assembly rig = typeof(ShimLibrary).Assembly;
        return [.. rig.GetManifestResourceNames()
            .Where(static name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (name[ResourcePrefix.Length..], Read(rig, name)))];
    }

    private static byte[] Read(Assembly rig, string name)
    {
        using Stream stream = rig.GetManifestResourceStream(name)!;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    private static string Fingerprint(IReadOnlyList<(string Name, byte[] Text)> sources)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, byte[] text) in sources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(text);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static string? FindCompiler()
    {
        string[] wanted = System.Environment.GetEnvironmentVariable("CC") is { Length: > 0 } named ? [named, .. Compilers] : Compilers;
        string[] folders = (System.Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return wanted.SelectMany(name => System.IO.Path.IsPathRooted(name) ? [name] : folders.Select(folder => System.IO.Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }
}
