namespace HubEmulator.Identity;

/// <summary>What the registry knows of a device. Each change is a new value with the next revision.</summary>
internal sealed record DeviceIdentity
{
    /// <summary>The device id, or device and module with a slash between.</summary>
    public required string Id { get; init; }

    /// <summary>Differs between an identity and one of the same name made after it was deleted.</summary>
    public required string GenerationId { get; init; }

    public required DeviceCredentials Credentials { get; init; }

    /// <summary>Empty for an identity that a certificate opens.</summary>
    public SymmetricKeys Keys => Credentials.Keys;

    public bool Enabled { get; init; } = true;

    public string? StatusReason { get; init; }

    public DateTimeOffset? StatusUpdated { get; init; }

    /// <summary>The capability <c>iotEdge</c>, which is kept and told, and changes nothing else here.</summary>
    public bool IsEdge { get; init; }

    /// <summary>Who looks after a module, as its maker wrote it; null for nobody, and for a device.</summary>
    public string? ManagedBy { get; init; }

    /// <summary>Counts the changes; the entity tag is made of it.</summary>
    public long Revision { get; init; } = 1;

    public string ETag => EntityTags.OfDevice(Revision);
}
