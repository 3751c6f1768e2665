using System.IO.Compression;

namespace Node.Host.Spool;

/// <summary>
/// How hard the readings of a commit are packed: as small as can be where few come, since then the card's wear counts, and quickly where the
/// processor does. Owned by the writer's thread.
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
    public CompressionLevel Next(int readings)
    {
        long now = clock.GetTimestamp();
        TimeSpan passed = clock.GetElapsedTime(_last, now);
        _last = now;
        return readings >= LeastInHaste && passed < readings * Haste ? CompressionLevel.Fastest : CompressionLevel.Optimal;
    }
}
