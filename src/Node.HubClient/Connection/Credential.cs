using Node.HubClient.Protocol;

namespace Node.HubClient.Connection;

/// <summary>Who the client is and how it proves it: a fresh token for each connection, signed with the device's key.</summary>
internal sealed class Credential(string hostName, string deviceId, byte[] key, TimeSpan lifetime)
{
    private const double RenewalPoint = 0.8;

    /// <summary>A token without this many years behind it was signed with a clock that is not set yet.</summary>
    private const int ClockPlausibleFrom = 2024;

    /// <summary>Time after the start of an attempt at which its token is due for renewal.</summary>
    public TimeSpan RenewAfter { get; } = lifetime * RenewalPoint;

    /// <summary>Whether a token may be signed now: a clock that is plainly not set would only earn a refusal.</summary>
    public static bool IsClockPlausible(DateTimeOffset wallClock) => wallClock.Year >= ClockPlausibleFrom;

    /// <summary>Signs a token from now on.</summary>
    public string Sign(DateTimeOffset wallClock) => SasToken.Create(SasToken.DeviceScope(hostName, deviceId), key, wallClock + lifetime);
}
