using Npm;

[assembly: AssemblyFixture(typeof(Dashboard.Browser.Support.Browser))]

namespace Dashboard.Browser.Support;

/// <summary>Node.js, the locked playwright-core and the machine's Chromium. Whatever is missing, the tests skip and say so.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Programs = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The folder of the scripts and of the installed package.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "browser");

    /// <summary>Chromium's program; null when there is none.</summary>
    public static string? Program { get; } = Programs.Select(NpmFolder.OnPath).FirstOrDefault(path => path is not null);

    /// <summary>Why no browser can be driven here; null when one can.</summary>
    public string? Missing { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Missing = Program is null
        ? "Chromium is not installed: none of chromium, chromium-browser and google-chrome is on the path."
        : await NpmFolder.InstallAsync(Folder);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
