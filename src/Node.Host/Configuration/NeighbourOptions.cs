namespace Node.Host.Configuration;

/// <summary>Readings for other containers on the same machine, in the shape of balena's sensor block: configuration section <c>Node:Neighbours</c>. All off by default.</summary>
internal sealed record NeighbourOptions
{
    /// <summary>Host name of a local MQTT broker, such as <c>mqtt</c>; null for none.</summary>
    public string? MqttHost { get; init; }

    /// <summary>The broker's TCP port. Default 1883; 1 to 65,535.</summary>
    public int MqttPort { get; init; } = 1883;

    /// <summary>Topic published to. Default <c>sensors</c>.</summary>
    public string MqttTopic { get; init; } = "sensors";

    /// <summary>Where Home Assistant looks for what announces itself, <c>homeassistant</c> by its default; null, the default, announces nothing.</summary>
    public string? DiscoveryPrefix { get; init; }

    public string? MqttUserName { get; init; }

    /// <summary>A secret.</summary>
    public string? MqttPassword { get; init; }

    /// <summary>Time between two messages. Default 8 s, the block's own; 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>TCP port that answers every GET with the readings, 7575 for the block; 0, the default, for none.</summary>
    public int HttpPort { get; init; }

    /// <summary>Without the password, so that no log shows it.</summary>
    public override string ToString() => $"{MqttHost}:{MqttPort} {MqttTopic}, HTTP {HttpPort}";
}
