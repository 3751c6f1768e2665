using System.Diagnostics;
using System.Security.Cryptography;

namespace Npm;

/// <summary>A folder with a <c>package-lock.json</c> whose packages npm installs once and keeps for the next run. Several test projects compile this file.</summary>
internal static class NpmFolder
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    // What npm says when it cannot get through to its registry, as opposed to what is wrong with us.
    private static readonly string[] Unreachable =
        ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "EIDLETIMEOUT"];

    /// <returns>Why the packages cannot be had here; null when they are installed.</returns>
    public static async Task<string?> InstallAsync(string folder)
    {
        if (OnPath("node") is null || OnPath("npm") is null)
        {
            return "Node.js is not installed: neither 'node' nor 'npm' may be missing on the path.";
        }

        string installed = Path.Combine(folder, "installed.txt");
        string wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));
        if (File.Exists(installed) && await File.ReadAllTextAsync(installed) == wanted)
        {
            return null;
        }

        File.Delete(installed);
        string? missing = await RunAsync(folder);
        if (missing is null)
        {
            await File.WriteAllTextAsync(installed, wanted);
        }

        return missing;
    }

    /// <returns>Where a program is; null when it is not on the path.</returns>
    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static async Task<string?> RunAsync(string folder)
    {
        var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"])
        {
            WorkingDirectory = folder,
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
}
