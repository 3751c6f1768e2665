using System.Text.Json.Nodes;
using HubEmulator.Rest;

namespace HubEmulator.Provisioning;

/// <summary>What the provisioning service answers, over MQTT and HTTPS alike.</summary>
/// <param name="Status">HTTP-like: 200, 202, or that of an error.</param>
/// <param name="Body">The operation, or the error.</param>
/// <param name="RetryAfterSeconds">How long to wait before asking again; null when nothing is said about it.</param>
internal sealed record ProvisioningAnswer(int Status, JsonObject Body, int? RetryAfterSeconds = null)
{
    public static ProvisioningAnswer Of(ServiceError error, DateTimeOffset now, int? retryAfterSeconds = null) =>
        new(error.Status, error.ToJson(ServiceErrorShape.Flat, now), retryAfterSeconds);
}
