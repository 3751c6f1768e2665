using Node.HubClient;

namespace Node.Host.Configuration;

/// <summary>A registration at the Device Provisioning Service: configuration section <c>Node:Hub:Dps</c>.</summary>
internal sealed record DpsOptions
{
    /// <summary>Who registers, with one credential. Holds a secret.</summary>
    public required DpsConfig Config { get; init; }

    /// <summary>TCP port of the service's MQTT endpoint. Default 8883; 1 to 65,535.</summary>
    public int Port { get; init; } = 8883;

    /// <summary>Leaves the secret out.</summary>
    public override string ToString() => $"DpsOptions {{ {Config} }}";
}
