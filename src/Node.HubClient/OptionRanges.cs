namespace Node.HubClient;

/// <summary>Checks every option against the range its documentation states.</summary>
internal static class OptionRanges
{
    /// <summary>In seconds. Above it the hub's own idle limit of 1,767 s closes the connection first.</summary>
    public const int UsefulKeepAliveMaximum = 1_177;

    /// <summary>Throws for the first option out of range.</summary>
    public static void Check(HubClientOptions options)
    {
        Between(options.Port, 1, 65_535, nameof(options.Port));
        Between(options.KeepAliveSeconds, 0, UsefulKeepAliveMaximum, nameof(options.KeepAliveSeconds));
        Between(options.ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(options.ConnectTimeout));
        Between(options.SasTokenLifetime, TimeSpan.FromSeconds(5), TimeSpan.FromDays(365), nameof(options.SasTokenLifetime));
        Between(options.InFlightWindow, 1, 10_000, nameof(options.InFlightWindow));
        Between(options.MaxQueuedMessages, 1, 10_000_000, nameof(options.MaxQueuedMessages));
        Between(options.MaxQueuedBytes, 256L << 10, 4L << 30, nameof(options.MaxQueuedBytes));
    }

    private static void Between<T>(T value, T least, T most, string name)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {least} and {most}.");
        }
    }
}
