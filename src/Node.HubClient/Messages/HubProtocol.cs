namespace Node.HubClient;

/// <summary>How MQTT reaches the hub.</summary>
public enum HubProtocol
{
    /// <summary>TLS, at <see cref="HubClientOptions.Port"/> (<c>MQTT_Protocol</c>).</summary>
    Mqtt,

    /// <summary>
    /// WebSocket over TLS, at <see cref="HubClientOptions.HttpsPort"/> (<c>MQTT_WebSocket_Protocol</c>): for networks that let nothing but HTTPS out.
    /// </summary>
    MqttWebSocket,
}
