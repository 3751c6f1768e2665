using System.Text.Json.Serialization;
using HubEmulator.Identity;

namespace HubEmulator.Provisioning;

/// <summary>Who may register: one registration id, or a group of all ids whose keys derive from the group's or whose certificates it signs. Each change is a new value with the next revision.</summary>
internal sealed record Enrolment
{
    /// <summary>The registration id in its registered form, or the group's name.</summary>
    public required string Id { get; init; }

    public required bool IsGroup { get; init; }

    /// <summary>Empty where certificates attest.</summary>
    public required SymmetricKeys Keys { get; init; }

    /// <summary>The certificates that attest in place of the keys; null where the keys do. A file of an earlier hub has none.</summary>
    public CertificateAttestation? Certificates { get; init; }

    public bool Enabled { get; init; } = true;

    /// <summary>The device id at the hub, where it differs from the registration id; never for a group.</summary>
    public string? DeviceId { get; init; }

    /// <summary>JSON that goes back to the device with its assignment; null when there is none.</summary>
    public string? Payload { get; init; }

    /// <summary>The capability <c>iotEdge</c> of the device that is made.</summary>
    public bool IsEdge { get; init; }

    /// <summary>JSON: tags and desired properties of the twin of a device that is made; null for none, as in a file of an earlier hub.</summary>
    public string? InitialTwin { get; init; }

    /// <summary>JSON of what a service asked of the allocation, which is kept and told only; null for nothing.</summary>
    public string? Wishes { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }

    /// <summary>Counts the changes; the entity tag is made of it.</summary>
    public long Revision { get; init; } = 1;

    [JsonIgnore]
    public string ETag => EntityTags.OfProvisioning(Revision);

    /// <summary>With what a device that registered connects to the hub: its key, or the certificate that it presented.</summary>
    /// <param name="registration">The registration.</param>
    public DeviceCredentials DeviceCredentials(Registration registration) => Certificates is not null && registration.Thumbprint is { } thumbprint
        ? Identity.DeviceCredentials.Of(new Thumbprints(thumbprint, null))
        : Identity.DeviceCredentials.Of(DeviceKeys(registration.RegistrationId));

    /// <summary>The keys with which a device registers, and then connects to the hub.</summary>
    public SymmetricKeys DeviceKeys(string registrationId) => IsGroup ? DerivedKeys.Of(Keys, registrationId) : Keys;
}
