using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Server;

namespace Node.Host.Tests.Neighbours;

/// <summary>An MQTT broker in the test's process, on a free loopback port, that keeps what is published.</summary>
internal sealed class LocalBroker : IAsyncDisposable
{
    private readonly MqttServer _server;

    private LocalBroker(MqttServer server) => _server = server;

    /// <summary>Topic and text of each message.</summary>
    public ConcurrentQueue<(string Topic, string Text)> Messages { get; } = [];

    public string? UserName { get; private set; }

    public string? Password { get; private set; }

    public MqttProtocolVersion Version { get; private set; }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static async Task<LocalBroker> StartAsync(int port)
    {
        var factory = new MqttServerFactory();
        MqttServer server = factory.CreateMqttServer(
            factory.CreateServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointPort(port).Build());
        var broker = new LocalBroker(server);
        server.ValidatingConnectionAsync += broker.NoteAsync;
        server.InterceptingPublishAsync += broker.KeepAsync;
        await server.StartAsync();
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        _server.Dispose();
    }

    private Task NoteAsync(ValidatingConnectionEventArgs connection)
    {
        (UserName, Password, Version) = (connection.UserName, connection.Password, connection.ProtocolVersion);
        return Task.CompletedTask;
    }

    private Task KeepAsync(InterceptingPublishEventArgs published)
    {
        Messages.Enqueue((published.ApplicationMessage.Topic, Encoding.UTF8.GetString(published.ApplicationMessage.Payload)));
        return Task.CompletedTask;
    }
}
