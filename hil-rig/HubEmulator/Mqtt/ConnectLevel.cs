namespace HubEmulator.Mqtt;

/// <summary>Which protocol a CONNECT speaks.</summary>
internal enum ConnectLevel
{
    /// <summary>MQTT 3.1.1.</summary>
    Served,

    /// <summary>MQTT of another version: answered with return code 1.</summary>
    NotServed,

    /// <summary>Something else: closed without an answer.</summary>
    NotMqtt,
}
