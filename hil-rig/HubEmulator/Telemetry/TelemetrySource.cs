using HubEmulator.Identity;

namespace HubEmulator.Telemetry;

/// <summary>The connection that telemetry came over, as the hub's annotations describe it.</summary>
/// <param name="Identity">The authenticated device, or <c>{device}/{module}</c>.</param>
/// <param name="GenerationId">The generation of its identity.</param>
/// <param name="AuthMethod">JSON text with scope, type and issuer.</param>
/// <param name="ModelId">The Plug and Play model named at CONNECT, or null.</param>
internal sealed record TelemetrySource(string Identity, string GenerationId, string AuthMethod, string? ModelId)
{
    /// <summary>The device of the identity.</summary>
    public string DeviceId { get; } = DeviceIds.DeviceOf(Identity);

    /// <summary>The module of the identity, or null.</summary>
    public string? ModuleId { get; } = DeviceIds.ModuleOf(Identity);

    /// <summary>What all messages of the connection are annotated with.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; } = Annotate(Identity, GenerationId, AuthMethod, ModelId);

    private static Dictionary<string, string> Annotate(string identity, string generationId, string authMethod, string? modelId)
    {
        var annotations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["iothub-connection-device-id"] = DeviceIds.DeviceOf(identity),
            ["iothub-connection-auth-method"] = authMethod,
            ["iothub-connection-auth-generation-id"] = generationId,
            ["iothub-message-source"] = "Telemetry",
        };
        if (DeviceIds.ModuleOf(identity) is { } module)
        {
            annotations["iothub-connection-module-id"] = module;
        }

        if (modelId is not null)
        {
            annotations["dt-dataschema"] = modelId;
        }

        return annotations;
    }
}
