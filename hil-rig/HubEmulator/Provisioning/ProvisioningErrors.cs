using HubEmulator.Rest;

namespace HubEmulator.Provisioning;

/// <summary>The errors of the provisioning service. Only the statuses are certain; the numbers of 404 and 429 are this emulator's choice.</summary>
internal static class ProvisioningErrors
{
    public const int NoHubFits = 400208;

    public static ServiceError Unauthorized { get; } = new(401, 401002, "Unauthorized", "Unauthorized");

    public static ServiceError Throttled { get; } = new(429, 429001, "Throttled", "Too many requests; wait and repeat.");

    public static ServiceError NotFound(string message) => new(404, 404201, "NotFound", message);
}
