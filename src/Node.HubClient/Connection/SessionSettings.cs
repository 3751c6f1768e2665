namespace Node.HubClient.Connection;

/// <summary>What the core needs to know, checked by the face.</summary>
internal sealed record SessionSettings
{
    /// <summary>The hub's name, for messages to people.</summary>
    public required string HostName { get; init; }

    /// <summary>The identity.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The module that connects; null for the device itself.</summary>
    public string? ModuleId { get; init; }

    /// <summary>MQTT user name.</summary>
    public required string UserName { get; init; }

    /// <summary>0 (no pings) to 1,177.</summary>
    public required int KeepAliveSeconds { get; init; }

    /// <summary>Bound of an attempt.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Messages published and unacknowledged, at most.</summary>
    public required int InFlightWindow { get; init; }

    /// <summary>How long a published message may go unacknowledged on one connection; infinite to send it again on another one instead of giving it up.</summary>
    public TimeSpan ConfirmationTimeout { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Messages accepted and unconfirmed, at most.</summary>
    public required int MaxQueuedMessages { get; init; }

    /// <summary>Bytes accepted and unconfirmed, at most.</summary>
    public required long MaxQueuedBytes { get; init; }

    /// <summary>A deliberate defect, for the simulation that must notice it.</summary>
    public Defect Defect { get; init; }
}
