namespace Node.HubClient;

/// <summary>
/// A device-to-cloud message as the caller holds it. <see cref="IotHubClientLL.SendEvent"/> copies everything it needs,
/// so the same message may be changed or sent again at once.
/// </summary>
public sealed class TelemetryMessage
{
    /// <summary>Creates a message around a body; the body is read, not copied, until the message is sent.</summary>
    /// <param name="body">0 to 262,144 bytes less the properties' size; may be empty.</param>
    public TelemetryMessage(ReadOnlyMemory<byte> body) => Body = body;

    /// <summary>The body, byte for byte as it will reach the hub.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>System property <c>$.mid</c>: lets a consumer drop repeats. At most 128 ASCII characters.</summary>
    public string? MessageId { get; init; }

    /// <summary>System property <c>$.cid</c>.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>System property <c>$.ct</c>; routing by body works only with <c>application/json</c>.</summary>
    public string? ContentType { get; init; }

    /// <summary>System property <c>$.ce</c>; routing by body works only with <c>utf-8</c>.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>System property <c>$.ctime</c>: when the content came into being, not when it was sent.</summary>
    public DateTimeOffset? CreationTime { get; init; }

    /// <summary>System property <c>$.sub</c>: the Plug and Play component whose telemetry the body holds.</summary>
    public string? ComponentName { get; init; }

    /// <summary>System property <c>$.on</c>: the output that a module sends to.</summary>
    public string? OutputName { get; init; }

    /// <summary>
    /// Marks the message for the hub's security analysis (system property <c>$.ifid</c>); its content encoding is then
    /// <c>application/json</c>, whatever <see cref="ContentEncoding"/> says.
    /// </summary>
    public bool IsSecurityMessage { get; init; }

    /// <summary>Application properties in the order in which they go out. A null value is sent as a key alone.</summary>
    public IList<KeyValuePair<string, string?>> Properties { get; } = [];
}
