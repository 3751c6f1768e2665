namespace HubEmulator.Telemetry;

/// <summary>The connection that telemetry came over, as the hub's annotations describe it.</summary>
/// <param name="Identity">The authenticated device, or <c>{device}/{module}</c>.</param>
/// <param name="GenerationId">The generation of its identity.</param>
/// <param name="AuthMethod">JSON text with scope, type and issuer.</param>
/// <param name="ModelId">The Plug and Play model named at CONNECT, or null.</param>
internal sealed record TelemetrySource(string Identity, string GenerationId, string AuthMethod, string? ModelId);
