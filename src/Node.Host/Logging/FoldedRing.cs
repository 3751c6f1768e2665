using Microsoft.Extensions.Logging;

namespace Node.Host.Logging;

/// <summary>What the ring keeps, folded as on the console: a sensor that fails every second must not push everything else out of it.</summary>
internal sealed class FoldedRing(LogRing ring, TimeProvider time) : ILoggerProvider
{
    private readonly FoldingLogs _folding = new(ring, time); // A type of its own, so that rules for the console's levels do not hold here.

    public ILogger CreateLogger(string categoryName) => _folding.CreateLogger(categoryName);

    public void Dispose() => _folding.Dispose();
}
