namespace Node.HubClient;

/// <summary>Checks every option against the range its documentation states.</summary>
internal static class OptionRanges
{
    /// <summary>In seconds. Above it the hub's own idle limit of 1,767 s closes the connection first.</summary>
    public const int UsefulKeepAliveMaximum = 1_177;

    /// <summary>In seconds: 365 days, the longest that the hub allows.</summary>
    public const int TokenLifetimeMaximum = 365 * 24 * 3_600;

    /// <summary>In seconds.</summary>
    public const int UploadTimeoutMaximum = 3_600;

    /// <summary>Throws for the first option out of range.</summary>
    public static void Check(HubClientOptions options)
    {
        Between(options.Port, 1, 65_535, nameof(options.Port));
        Between(options.HttpsPort, 1, 65_535, nameof(options.HttpsPort));
        Check(options.Proxy);
        Between(options.KeepAliveSeconds, 0, UsefulKeepAliveMaximum, nameof(options.KeepAliveSeconds));
        Between(options.ConnectTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), nameof(options.ConnectTimeout));
        Between(options.SasTokenLifetime, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(TokenLifetimeMaximum), nameof(options.SasTokenLifetime));
        if (options.ConfirmationTimeout != Timeout.InfiniteTimeSpan)
        {
            Between(options.ConfirmationTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(options.ConfirmationTimeout));
        }

        Between(options.UploadTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(UploadTimeoutMaximum), nameof(options.UploadTimeout));
        Between(options.InFlightWindow, 1, 10_000, nameof(options.InFlightWindow));
        Between(options.MaxQueuedMessages, 1, 10_000_000, nameof(options.MaxQueuedMessages));
        Between(options.MaxQueuedBytes, 256L << 10, 4L << 30, nameof(options.MaxQueuedBytes));
    }

    /// <summary>Throws for a proxy that cannot be asked.</summary>
    public static void Check(HttpProxy? proxy)
    {
        if (proxy is null)
        {
            return;
        }

        Between(proxy.Port, 1, 65_535, $"{nameof(HubClientOptions.Proxy)}.{nameof(proxy.Port)}");
        if (Uri.CheckHostName(proxy.Host) is UriHostNameType.Unknown)
        {
            throw new ArgumentException("Proxy.Host is no host name; write it without a scheme and without a port.");
        }

        if (proxy.UserName is null != proxy.Password is null || proxy.UserName?.Contains(':', StringComparison.Ordinal) == true)
        {
            throw new ArgumentException("Proxy.UserName and Proxy.Password belong together, and a user name holds no colon.");
        }
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
