using Npm;

[assembly: AssemblyFixture(typeof(Interop.NodeSdk.Support.SdkPackages))]

namespace Interop.NodeSdk.Support;

/// <summary>Node.js and the locked SDK packages, installed once into a folder beside the tests and kept for the next run.</summary>
public sealed class SdkPackages : IAsyncLifetime
{
    /// <summary>The folder that holds the packages, and the scripts below it.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "node-sdk");

    /// <summary>Why no script can run here; null when scripts can.</summary>
    public string? Missing { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Missing = await NpmFolder.InstallAsync(Folder);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
