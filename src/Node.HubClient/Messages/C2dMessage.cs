namespace Node.HubClient;

/// <summary>A cloud-to-device message. Property values arrive decoded; what cannot be decoded arrives as it came.</summary>
public sealed class C2dMessage
{
    internal C2dMessage(byte[] body, long deliveryNumber)
    {
        Body = body;
        DeliveryNumber = deliveryNumber;
    }

    /// <summary>The body; a copy that stays valid. At most 64 KB.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>System property <c>%24.mid</c>.</summary>
    public string? MessageId { get; internal set; }

    /// <summary>System property <c>%24.cid</c>.</summary>
    public string? CorrelationId { get; internal set; }

    /// <summary>System property <c>%24.uid</c>.</summary>
    public string? UserId { get; internal set; }

    /// <summary>System property <c>%24.to</c>: the address that the sender wrote.</summary>
    public string? To { get; internal set; }

    /// <summary>System property <c>%24.ct</c>.</summary>
    public string? ContentType { get; internal set; }

    /// <summary>System property <c>%24.ce</c>.</summary>
    public string? ContentEncoding { get; internal set; }

    /// <summary>System property <c>%24.ctime</c>, as text.</summary>
    public string? CreationTime { get; internal set; }

    /// <summary>System property <c>%24.exp</c>, as text.</summary>
    public string? ExpiryTime { get; internal set; }

    /// <summary><c>iothub-ack</c>: which feedback the sender asked for (<c>none</c>, <c>positive</c>, <c>negative</c>, <c>full</c>).</summary>
    public string? Acknowledgement { get; internal set; }

    /// <summary>Application properties in the order of arrival, those with an empty or no value left out. The last of equal keys counts.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Properties { get; internal set; } = [];

    /// <summary>Counts the client's deliveries from 1; 0 for one that wants no acknowledgement.</summary>
    internal long DeliveryNumber { get; }
}

/// <summary>Handles a cloud-to-device message. Runs inside <see cref="IotHubClientLL.DoWork"/>.</summary>
/// <param name="message">The message; may be kept.</param>
/// <param name="context">What was passed along at registration.</param>
/// <returns>What becomes of it. An exception abandons it.</returns>
public delegate MessageDisposition C2dMessageCallback(C2dMessage message, object? context);
