using System.Text.Json.Serialization;
using HubEmulator.C2d;
using HubEmulator.Configurations;
using HubEmulator.Identity;
using HubEmulator.Jobs;
using HubEmulator.Twins;

namespace HubEmulator.State;

/// <summary>What a hub remembers between two runs.</summary>
internal sealed record HubRecord(int Version, Dictionary<string, KeysRecord> Policies, List<DeviceRecord> Devices, ProvisioningRecord? Provisioning = null)
{
    public const int CurrentVersion = 1;

    /// <summary>The key of the built-in blob store; a file of an earlier hub has none.</summary>
    public string? StorageKey { get; init; }

    /// <summary>Null in a file of an earlier hub.</summary>
    public List<JobRecord>? Jobs { get; init; }

    /// <summary>Null in a file of an earlier hub.</summary>
    public List<Configuration>? Configurations { get; init; }
}

/// <summary>Two keys on disk.</summary>
internal sealed record KeysRecord(string Primary, string Secondary);

/// <summary>A device on disk. The subscriptions are null when it has no stored session.</summary>
internal sealed record DeviceRecord(
    string Id,
    string GenerationId,
    KeysRecord Keys,
    bool Enabled,
    string? StatusReason,
    DateTimeOffset? StatusUpdated,
    long Revision,
    TwinRecord Twin,
    Dictionary<string, int>? Subscriptions)
{
    /// <summary>The cloud-to-device messages in the queue; null when it is empty.</summary>
    public List<QueuedRecord>? Messages { get; init; }

    /// <summary>A file of an earlier hub has none: every device had keys.</summary>
    public AuthenticationType Authentication { get; init; }

    /// <summary>False in a file of an earlier hub.</summary>
    public bool IsEdge { get; init; }

    /// <summary>Null in a file of an earlier hub.</summary>
    public string? ManagedBy { get; init; }

    public string? PrimaryThumbprint { get; init; }

    public string? SecondaryThumbprint { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HubRecord))]
[JsonSerializable(typeof(DeviceRecord))]
[JsonSerializable(typeof(ProvisioningRecord))]
[JsonSerializable(typeof(List<JobRecord>))]
[JsonSerializable(typeof(List<Configuration>))]
internal sealed partial class HubRecordJson : JsonSerializerContext;
