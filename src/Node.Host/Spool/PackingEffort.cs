using System.IO.Compression;

namespace Node.Host.Spool;

/// <summary>
/// How hard the readings of a commit are packed: as small as can be, since the card's wear counts, unless they come fast and are sent as fast. Then they
/// leave before they are written a second time, and the processor counts. Owned by the writer's thread.
/// </summary>
internal sealed class PackingEffort(TimeProvider clock)
{
    /// <summary>Readings of a commit, at least, for which haste pays.</summary>
    public const int LeastInHaste = 64;

    /// <summary>The time of a reading since the last commit, on average, below which they come fast: 1,000 a second.</summary>
    public static readonly TimeSpan Haste = TimeSpan.FromMilliseconds(1);

    private long _last = clock.GetTimestamp();

    /// <summary>The level for a commit that is made now.</summary>
    /// <param name="readings">How many it stores.</param>
    /// <param name="areSentSoon">Whether sending keeps up with storing.</param>
    public CompressionLevel Next(int readings, bool areSentSoon)
    {
        long now = clock.GetTimestamp();
        TimeSpan passed = clock.GetElapsedTime(_last, now);
        _last = now;
        return areSentSoon && readings >= LeastInHaste && passed < readings * Haste ? CompressionLevel.Fastest : CompressionLevel.Optimal;
    }
}
