using System.Globalization;

namespace HubEmulator;

/// <summary>The forms in which the service writes instants.</summary>
internal static class Times
{
    /// <summary>What the service writes for an instant that never was.</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    /// <summary>Seven fraction digits and Z: the only form that the strictest SDK reads.</summary>
    public static string Stamp(DateTimeOffset instant) => instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string StampOrNever(DateTimeOffset? instant) => instant is { } known ? Stamp(known) : Never;

    /// <summary>A tracking id in the service's form: 32 hexadecimal digits, a partition and the time.</summary>
    public static string TrackingId(DateTimeOffset now) =>
        $"{Guid.NewGuid():N}-G:0-TimeStamp:{now.UtcDateTime.ToString("MM/dd/yyyy HH:mm:ss", CultureInfo.InvariantCulture)}";
}
