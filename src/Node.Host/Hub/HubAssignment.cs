using System.Text.Json;
using System.Text.Json.Serialization;
using Node.Host.Configuration;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>
/// Which hub the provisioning service gave this registration, kept in the data folder so that a start needs no provisioning. Holds no
/// secret: key and certificate come from the settings.
/// </summary>
internal sealed class HubAssignment(string file, DpsConfig dps)
{
    public const string FileName = "assignment.json";

    /// <summary>The identity at the hub that was assigned last; null when there is none for this registration.</summary>
    public DeviceConfig? Load()
    {
        AssignedHub? kept = Read(file);
        bool isOurs = kept is { HostName.Length: > 0, DeviceId.Length: > 0 }
            && (kept.IdScope, kept.RegistrationId, kept.Service) == (dps.IdScope, dps.RegistrationId, dps.HostName);
        return isOurs ? new DeviceConfig
        {
            HostName = kept!.HostName,
            DeviceId = kept.DeviceId,
            SharedAccessKey = dps.SymmetricKey ?? (dps.GroupKey is { } group ? DpsClient.DeriveDeviceKey(group, dps.RegistrationId) : null),
            Certificate = dps.Certificate,
            CertificateChain = dps.CertificateChain,
        } : null;
    }

    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public void Keep(DeviceConfig hub) => DurableFile.Replace(file, JsonSerializer.Serialize(
        new AssignedHub(dps.HostName, dps.IdScope, dps.RegistrationId, hub.HostName, hub.DeviceId), AssignmentJson.Default.AssignedHub));

    /// <summary>The hub that was assigned last, whoever was registered; null when none is known.</summary>
    public static AssignedHub? Read(string file)
    {
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), AssignmentJson.Default.AssignedHub) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // Then the service is asked again.
        }
    }
}

/// <summary>What the service answered to whom.</summary>
internal sealed record AssignedHub(string Service, string IdScope, string RegistrationId, string HostName, string DeviceId);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AssignedHub))]
internal sealed partial class AssignmentJson : JsonSerializerContext;
