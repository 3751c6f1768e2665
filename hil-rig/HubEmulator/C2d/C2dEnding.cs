namespace HubEmulator;

/// <summary>How a cloud-to-device message ended; the names are those that feedback writes.</summary>
public enum C2dEnding
{
    /// <summary>The device has acknowledged it, or it went out at QoS 0.</summary>
    Success,

    /// <summary>Its time ran out.</summary>
    Expired,

    /// <summary>It was waiting when the device subscribed for the first time, or the device would not have it.</summary>
    Rejected,

    /// <summary>The device gave it back too often, which it can over HTTPS.</summary>
    DeliveryCountExceeded,

    /// <summary>A service emptied the queue.</summary>
    Purged,
}
