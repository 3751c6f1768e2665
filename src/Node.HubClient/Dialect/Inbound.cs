namespace Node.HubClient.Dialect;

/// <summary>A message from the hub, told by kind. A value on the stack: it holds views of the receive buffer.</summary>
internal readonly ref struct Inbound
{
    /// <summary>What it is.</summary>
    public InboundKind Kind { get; init; }

    /// <summary>Status of a twin answer, as in HTTP.</summary>
    public int Status { get; init; }

    /// <summary>The request that a twin answer answers.</summary>
    public int RequestId { get; init; }

    /// <summary>Version of a desired patch.</summary>
    public long Version { get; init; }

    /// <summary>Name of a method.</summary>
    public string Name { get; init; }

    /// <summary>The call that a method's answer must name; opaque.</summary>
    public string CallId { get; init; }

    /// <summary>Properties of a cloud-to-device message, still encoded.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }
}
