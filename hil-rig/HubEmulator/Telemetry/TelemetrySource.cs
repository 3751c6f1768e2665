namespace HubEmulator.Telemetry;

/// <summary>The connection that telemetry came over, as the hub's annotations describe it.</summary>
/// <param name="DeviceId">The authenticated device.</param>
/// <param name="GenerationId">The generation of its identity.</param>
/// <param name="AuthMethod">JSON text with scope, type and issuer.</param>
/// <param name="ModelId">The Plug and Play model named at CONNECT, or null.</param>
internal sealed record TelemetrySource(string DeviceId, string GenerationId, string AuthMethod, string? ModelId);
