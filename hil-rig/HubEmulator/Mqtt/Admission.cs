using HubEmulator.Identity;
using HubEmulator.Telemetry;

namespace HubEmulator.Mqtt;

/// <summary>What an accepted CONNECT settles for its connection.</summary>
/// <param name="Device">The authenticated device.</param>
/// <param name="Source">How its telemetry is annotated.</param>
/// <param name="Expires">When the token runs out; null for a certificate.</param>
/// <param name="HasApiVersion">False for the bare user name: twin requests fail and method calls do not arrive.</param>
/// <param name="TokenHash">Tells the token from others without being it; null without a token.</param>
internal sealed record Admission(Device Device, TelemetrySource Source, DateTimeOffset? Expires, bool HasApiVersion, string? TokenHash);
