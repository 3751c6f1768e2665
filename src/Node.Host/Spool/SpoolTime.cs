namespace Node.Host.Spool;

/// <summary>How the file keeps an instant: in units of 100 ns since 1970-01-01 UTC, so that nothing is rounded and sqlite3 can show it.</summary>
internal static class SpoolTime
{
    /// <summary>The stored form of an instant.</summary>
    public static long ToStored(DateTimeOffset instant) => instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>The instant of a stored form; the nearest representable one when a damaged row holds nonsense.</summary>
    public static DateTimeOffset FromStored(long stored)
    {
        long least = DateTimeOffset.MinValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        long greatest = DateTimeOffset.MaxValue.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return DateTimeOffset.UnixEpoch.AddTicks(Math.Clamp(stored, least, greatest));
    }
}
