namespace Node.HubClient;

/// <summary>What becomes of a received message (<c>IOTHUBMESSAGE_DISPOSITION_RESULT</c>, same order).</summary>
public enum MessageDisposition
{
    /// <summary>Acknowledged: the hub removes it and tells its sender.</summary>
    Accepted,

    /// <summary>Acknowledged as well: MQTT has no way to reject, and the hub cannot tell the difference.</summary>
    Rejected,

    /// <summary>Not acknowledged: the hub delivers it again when its lock runs out (60 s by default) or at the next connection.</summary>
    Abandoned,

    /// <summary>Settled later, by <see cref="IotHubClientLL.SendMessageDisposition"/>.</summary>
    AsyncAck,
}
