using System.Diagnostics;

[assembly: AssemblyFixture(typeof(Dashboard.Browser.Support.Browser))]

namespace Dashboard.Browser.Support;

/// <summary>Node.js, the locked playwright-core and the machine's Chromium. Whatever is missing, the tests skip and say so.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome"];
    private static readonly string[] Unreachable =
        ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "EIDLETIMEOUT"];

    /// <summary>The folder of the scripts and of the installed package.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "browser");

    /// <summary>Chromium's program; null when there is none.</summary>
    public static string? Program { get; } = Programs.Select(OnPath).FirstOrDefault(path => path is not null);

    /// <summary>Why no browser can be driven here; null when one can.</summary>
    public string? Missing { get; private set; }

    private static string Installed => Path.Combine(Folder, "node_modules", "playwright-core", "package.json");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Missing = OnPath("node") is null || OnPath("npm") is null ? "Node.js is not installed: neither 'node' nor 'npm' may be missing on the path."
            : Program is null ? "Chromium is not installed: none of chromium, chromium-browser and google-chrome is on the path."
            : File.Exists(Installed) && File.GetLastWriteTimeUtc(Installed) >= File.GetLastWriteTimeUtc(Path.Combine(Folder, "package-lock.json")) ? null
            : await InstallAsync();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
                File.SetLastWriteTimeUtc(Installed, TimeProvider.System.GetUtcNow().UtcDateTime);
                return null;
            }

            return Unreachable.FirstOrDefault(errors.Contains) is { } cause
                ? $"npm cannot reach its package registry: {cause}."
                : throw new InvalidOperationException($"npm ci failed:\n{errors}");
        }
        catch (OperationCanceledException)
        {
            npm.Kill(entireProcessTree: true);
            return $"The package registry did not serve the package within {InstallLimit.TotalMinutes} minutes.";
        }
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
