using System.Net;
using System.Net.Sockets;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Doctor;
using Node.Host.Tests.Neighbours;

namespace Node.Host.Tests.Doctor;

public sealed class NeighbourChecksTests
{
    [Fact]
    public async Task Without_neighbours_there_is_nothing_to_check()
    {
        Assert.Equal(("ok", "ok"), ((await RunAsync(new NeighbourOptions(), "local-broker")).Result, (await RunAsync(new NeighbourOptions(), "neighbour-port")).Result));
    }

    [Fact]
    public async Task A_broker_that_takes_no_connections_is_an_error()
    {
        int port = LocalBroker.FreePort();
        var neighbours = new NeighbourOptions { MqttHost = "127.0.0.1", MqttPort = port };
        CheckResult absent = await RunAsync(neighbours, "local-broker");
        await using LocalBroker broker = await LocalBroker.StartAsync(port);

        CheckResult present = await RunAsync(neighbours, "local-broker");

        Assert.Equal(("error", "ok"), (absent.Result, present.Result));
        Assert.Contains("docker-compose.yml", absent.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_another_has_is_an_error_unless_the_node_runs()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var neighbours = new NeighbourOptions { HttpPort = ((IPEndPoint)other.LocalEndpoint).Port };

        Assert.Equal("error", (await RunAsync(neighbours, "neighbour-port")).Result);
        Assert.Equal("ok", (await RunAsync(neighbours, "neighbour-port", new RunningNode(1, "http://127.0.0.1:9", "b"))).Result);
    }

    private static Task<CheckResult> RunAsync(NeighbourOptions neighbours, string check, RunningNode? running = null) =>
        DoctorRig.RunAsync(new NeighbourChecks(new NodeOptions { DataFolder = "/data", Neighbours = neighbours }, running).All(), check);
}
