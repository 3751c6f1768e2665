using System.Net;
using System.Net.Sockets;
using Node.Host.Composition;
using Node.Host.Configuration;

namespace Node.Host.Doctor;

/// <summary>Those on the same machine who are given readings: the local broker, and the port for who asks.</summary>
internal sealed class NeighbourChecks(NodeOptions options, RunningNode? running)
{
    public IEnumerable<DoctorCheck> All() => [new("local-broker", BrokerAsync), new("neighbour-port", Port)];

    private async Task<Finding> BrokerAsync(CancellationToken cancellationToken)
    {
        NeighbourOptions neighbours = options.Neighbours;
        if (neighbours.MqttHost is not { } host)
        {
            return Finding.Ok("none is published to");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, neighbours.MqttPort, cancellationToken);
            return Finding.Ok($"{host}:{neighbours.MqttPort} takes connections");
        }
        catch (SocketException refused)
        {
            return Finding.Error($"the local broker {host}:{neighbours.MqttPort} cannot be reached ({refused.Message})",
                "compare Node:Neighbours:MqttHost with the broker's service name in docker-compose.yml, and whether that service runs");
        }
    }

    private Finding Port()
    {
        int port = options.Neighbours.HttpPort;
        if (port == 0 || running is not null)
        {
            return Finding.Ok(port == 0 ? "none" : $"{port} is the running node's");
        }

        try
        {
            using var socket = new Socket(options.Http.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(options.Http.Address, port));
            return Finding.Ok($"{port} is free");
        }
        catch (SocketException taken)
        {
            return Finding.Error($"{options.Http.Address}:{port} cannot be listened on ({taken.Message})",
                $"set Node:Neighbours:HttpPort to a free port, or 0 for none; who has it: ss -ltnp 'sport = :{port}'");
        }
    }
}
