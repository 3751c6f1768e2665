namespace Node.HubClient.Provisioning;

/// <summary>What a registration needs to know, checked by the face.</summary>
internal sealed record RegistrationSettings
{
    /// <summary>The service's name, for messages to people.</summary>
    public required string HostName { get; init; }

    /// <summary>The id scope.</summary>
    public required string IdScope { get; init; }

    /// <summary>Who registers.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>MQTT user name.</summary>
    public required string UserName { get; init; }

    /// <summary>Body of the request.</summary>
    public required byte[] Request { get; init; }

    /// <summary>0 (no pings) to 1,177.</summary>
    public required int KeepAliveSeconds { get; init; }

    /// <summary>Bound of an attempt to connect, and of each request.</summary>
    public required TimeSpan Timeout { get; init; }
}
