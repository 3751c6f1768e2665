namespace Node.HubClient.Connection;

/// <summary>Says what a CONNACK return code means and what may help (MQTT 3.1.1 section 3.2.2.3; the hub answers most refusals with 5).</summary>
internal static class Refusals
{
    /// <summary>The reason and the advice for a return code other than 0.</summary>
    /// <param name="code">The return code.</param>
    /// <param name="wasAccepted">
    /// Whether the same credential was accepted before: the hub says the same of a wrong key, an unknown, a disabled and a deleted device, and this is all that
    /// a device can know beyond it.
    /// </param>
    public static (ConnectionStatusReason Reason, string Why) Explain(int code, bool wasAccepted = false) => code switch
    {
        1 => (ConnectionStatusReason.CommunicationError, "it does not speak MQTT 3.1.1; check host and port"),
        2 => (ConnectionStatusReason.BadCredential, "it does not accept the client id; check the device id"),
        3 => (ConnectionStatusReason.DeviceDisabled, "it does not serve the device now; the device may be disabled or the hub over its quota"),
        4 => (ConnectionStatusReason.BadCredential, "user name or token are malformed"),
        5 when wasAccepted => (ConnectionStatusReason.BadCredential, "no longer authorized; the same credential was accepted before, so the device was disabled or deleted since, or its key or certificate changed, or this device's clock was"),
        5 => (ConnectionStatusReason.BadCredential, "not authorized; check that the device exists and is enabled, that the key is its own and that the clock is right"),
        _ => (ConnectionStatusReason.CommunicationError, "unknown return code"),
    };
}
