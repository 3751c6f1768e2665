namespace HubEmulator.Mqtt;

/// <summary>How long a connection may be silent, and how long it outlives its token.</summary>
internal static class DeviceDeadlines
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    /// <summary>The service's cap; a keep-alive of 0 means the cap, not for ever.</summary>
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(1767);

    private static readonly TimeSpan ExpiryGrace = TimeSpan.FromMinutes(10);

    public static CloseReason CheckUnconnected(TimeSpan idle) => idle > ConnectTime ? CloseReason.ConnectTimeout : CloseReason.None;

    public static CloseReason Check(TimeSpan idle, ushort keepAliveSeconds, DateTimeOffset? tokenExpires, DateTimeOffset now)
    {
        CloseReason silence = CheckIdle(idle, keepAliveSeconds);
        return silence == CloseReason.None && tokenExpires is { } expires && now > expires + ExpiryGrace ? CloseReason.TokenExpired : silence;
    }

    public static CloseReason CheckIdle(TimeSpan idle, ushort keepAliveSeconds) => idle > IdleLimit(keepAliveSeconds) ? CloseReason.KeepAliveTimeout : CloseReason.None;

    /// <summary>One and a half times the keep-alive (MQTT 3.1.1 section 3.1.2.10), within the cap.</summary>
    private static TimeSpan IdleLimit(ushort keepAliveSeconds)
    {
        var limit = TimeSpan.FromSeconds(keepAliveSeconds * 1.5);
        return limit > TimeSpan.Zero && limit < LongestIdle ? limit : LongestIdle;
    }
}
