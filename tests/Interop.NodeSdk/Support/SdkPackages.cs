using System.Diagnostics;
using System.Security.Cryptography;

[assembly: AssemblyFixture(typeof(Interop.NodeSdk.Support.SdkPackages))]

namespace Interop.NodeSdk.Support;

/// <summary>Node.js and the locked SDK packages, installed once into a folder beside the tests and kept for the next run.</summary>
public sealed class SdkPackages : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    // What npm says when it cannot get through to its registry, as opposed to what is wrong with us.
    private static readonly string[] Unreachable =
        ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "EIDLETIMEOUT"];

    /// <summary>The folder that holds the packages, and the scripts below it.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node-sdk");

    /// <summary>Why no script can run here; null when scripts can.</summary>
    public string? Missing { get; private set; }

    private static string LockFile => Path.Combine(Folder, "package-lock.json");

    private static string InstalledFile => Path.Combine(Folder, "installed.txt");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!OnPath("node") || !OnPath("npm"))
        {
            Missing = "Node.js is not installed: neither 'node' nor 'npm' may be missing on the path.";
            return;
        }

        string wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(LockFile)));
        if (File.Exists(InstalledFile) && await File.ReadAllTextAsync(InstalledFile) == wanted)
        {
            return;
        }

        File.Delete(InstalledFile);
        Missing = await InstallAsync();
        if (Missing is null)
        {
            await File.WriteAllTextAsync(InstalledFile, wanted);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>Why the packages cannot be had here; null when they are installed.</returns>
    private static async Task<string?> InstallAsync()
    {
        var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process npm = Process.Start(start)!;
        using var limit = new CancellationTokenSource(InstallLimit);
        try
        {
            Task<string> output = npm.StandardOutput.ReadToEndAsync(limit.Token);
            string errors = await npm.StandardError.ReadToEndAsync(limit.Token);
            await output;
            await npm.WaitForExitAsync(limit.Token);
            if (npm.ExitCode == 0)
            {
                return null;
            }

            return Unreachable.FirstOrDefault(errors.Contains) is { } cause
                ? $"npm cannot reach its package registry: {cause}."
                : throw new InvalidOperationException($"npm ci failed:\n{errors}");
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            return $"The package registry did not serve the packages within {InstallLimit.TotalMinutes} minutes.";
        }
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
