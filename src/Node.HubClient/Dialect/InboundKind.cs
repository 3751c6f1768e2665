namespace Node.HubClient.Dialect;

/// <summary>What a message from the hub is.</summary>
internal enum InboundKind
{
    /// <summary>Of no feature of this client.</summary>
    Unknown,

    /// <summary>The answer to a read of the twin or to a reported patch: status and request id.</summary>
    TwinAnswer,

    /// <summary>A desired patch: version.</summary>
    DesiredPush,

    /// <summary>A direct method: name and request id.</summary>
    MethodCall,

    /// <summary>A cloud-to-device message: its properties.</summary>
    Message,
}
