namespace Node.HubClient;

/// <summary>
/// What a call to the client came to. The first five values are the reference's <c>IOTHUB_CLIENT_RESULT</c>, in its order;
/// the rest say plainly what the reference leaves silent.
/// </summary>
public enum IotHubClientResult
{
    /// <summary>Accepted. For a send: queued, not delivered; the confirmation tells the rest.</summary>
    Ok,

    /// <summary>The arguments contradict each other, for example a context without a callback.</summary>
    InvalidArg,

    /// <summary>Refused for the client's present state, for example after <see cref="IotHubClientLL.Dispose"/>.</summary>
    Error,

    /// <summary>Larger than the service takes (256 KB for telemetry). Nothing was queued.</summary>
    InvalidSize,

    /// <summary>Nothing has been received yet.</summary>
    IndefiniteTime,

    /// <summary>The outgoing queue is at its message or byte limit. Nothing was queued; try again after confirmations.</summary>
    QueueFull,
}
