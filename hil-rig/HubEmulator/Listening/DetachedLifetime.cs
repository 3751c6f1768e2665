using Microsoft.Extensions.Hosting;

namespace HubEmulator.Listening;

/// <summary>A host lifetime that leaves signals and the console to the program that the hub lives in.</summary>
internal sealed class DetachedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
