namespace HubEmulator;

/// <summary>What a fault is restricted to. The names in parentheses are those of the admin call and the command line.</summary>
[Flags]
public enum HubFaultProtocols
{
    /// <summary>The default of the kind: devices over MQTT on both ports, or HTTPS for a <see cref="HubFaultKind.Refuse"/> with a status.</summary>
    None = 0,

    /// <summary>(<c>mqtt</c>) Devices over MQTT on its own port.</summary>
    Mqtt = 1,

    /// <summary>(<c>websocket</c>) Devices over MQTT in a WebSocket; a status refuses the upgrade, AMQP's included.</summary>
    WebSocket = 2,

    /// <summary>(<c>https</c>) Requests of services, devices, provisioning and uploads; the calls of this emulator excepted.</summary>
    Https = 4,

    /// <summary>(<c>amqp</c>) Services over AMQP, on its own port and in a WebSocket.</summary>
    Amqp = 8,
}
