using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace HubEmulator.Amqp;

/// <summary>The names and the port that clients of AMQP are told.</summary>
/// <param name="HostName">The hub's name.</param>
/// <param name="Name">The name under which the port is reached, which on a laptop needs no entry in any table.</param>
/// <param name="Port">The port of AMQP over TLS.</param>
internal sealed record AmqpHost(string HostName, string Name, int Port)
{
    /// <summary>The hub's name up to its first dot: also the entity whose name readers of telemetry use.</summary>
    public string ShortName { get; } = HostName[..HostName.IndexOf('.', StringComparison.Ordinal)];

    /// <summary>What a token must cover to ask about the entity.</summary>
    public string ManagementPath => $"{ShortName}/{ManagementNode.Address}";

    /// <summary>Name and port.</summary>
    public string Endpoint => $"{Name}:{Port}";

    /// <summary>Sends readers of the hub's own address on to the entity, which lives at the same place.</summary>
    public Error Redirect(AmqpAddress address) => new(ErrorCode.LinkRedirect)
    {
        Description = "Read at the endpoint that is compatible with Event Hubs.",
        Info = new Fields
        {
            [new Symbol("hostname")] = Name,
            [new Symbol("network-host")] = Name,
            [new Symbol("port")] = (uint)Port,
            [new Symbol("address")] = $"amqps://{Endpoint}/{ShortName}{address.AfterHubEvents()}",
        },
    };
}
