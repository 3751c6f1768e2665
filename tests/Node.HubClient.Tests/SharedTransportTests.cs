using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>Several devices over one transport, on loopback. Real time enters as a deadline only.</summary>
public sealed class SharedTransportTests
{
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task One_DoWork_moves_every_device()
    {
        await using var first = new LoopbackHub("hub.localhost");
        using var transport = new IotHubTransportLL("hub.localhost", new HubClientOptions { Port = first.Port, TrustedRootsPem = first.RootPem });
        IotHubClientLL one = IotHubClientLL.CreateWithTransport(transport, Device("dev1"));
        int confirmed = 0;
        one.SendEvent(new TelemetryMessage(new byte[10]), (_, _) => confirmed++);

        Work(transport, () => confirmed == 1);
        one.Dispose();
        Assert.Empty(transport.Clients);
        IotHubClientLL two = IotHubClientLL.CreateWithTransport(transport, Device("dev2"));
        two.SendEvent(new TelemetryMessage(new byte[10]), (_, _) => confirmed++);
        Work(transport, () => confirmed == 2);

        Assert.Equal(["devices/dev1/messages/events/", "devices/dev2/messages/events/"], first.Topics.Where(topic => topic.StartsWith("devices/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_device_of_another_hub_is_refused()
    {
        using var transport = new IotHubTransportLL("hub.localhost");

        Assert.Throws<ArgumentException>(() => IotHubClientLL.CreateWithTransport(transport, Device("dev1") with { HostName = "other.localhost" }));
    }

    [Fact]
    public void Disposing_the_transport_disposes_what_is_left_and_takes_no_more()
    {
        var transport = new IotHubTransportLL("hub.localhost");
        IotHubClientLL client = IotHubClientLL.CreateWithTransport(transport, Device("dev1"));
        SendConfirmation? ended = null;
        client.SendEvent(new TelemetryMessage(new byte[10]), (result, _) => ended = result);

        transport.Dispose();

        Assert.Equal(SendConfirmation.BecauseDestroy, ended);
        Assert.Throws<InvalidOperationException>(() => IotHubClientLL.CreateWithTransport(transport, Device("dev2")));
        Assert.Throws<ObjectDisposedException>(() => transport.DoWork());
    }

    [Fact]
    public async Task Clients_may_be_disposed_by_another_thread_while_the_transport_works()
    {
        using var transport = new IotHubTransportLL("127.0.0.1", new HubClientOptions { Port = 1 });
        for (int round = 0; round < 40; round++)
        {
            IotHubClientLL[] clients = [.. Enumerable.Range(0, 50).Select(number => IotHubClientLL.CreateWithTransport(transport, Device($"dev{number}") with { HostName = "127.0.0.1" }))];
            Task disposing = Task.Run(() => Array.ForEach(clients, client => client.Dispose()), TestContext.Current.CancellationToken);
            while (!disposing.IsCompleted)
            {
                transport.DoWork();
            }

            await disposing;
            transport.DoWork();
            Assert.Empty(transport.Clients);
        }
    }

    [Fact]
    public void A_client_may_dispose_itself_and_another_within_a_turn()
    {
        using var transport = new IotHubTransportLL("no-such-host.invalid", new HubClientOptions { JitterSeed = 1 });
        IotHubClientLL[] clients = [.. Enumerable.Range(0, 5).Select(number => IotHubClientLL.CreateWithTransport(transport, Device($"dev{number}") with { HostName = "no-such-host.invalid" }))];
        clients[1].SetConnectionStatusCallback((_, _) =>
        {
            clients[1].Dispose();
            clients[2].Dispose();
        });

        Work(transport, () => transport.Clients.Count == 3);

        Assert.Equal([clients[0], clients[3], clients[4]], transport.Clients);
        transport.DoWork();
    }

    [Fact]
    public void An_idle_transport_without_devices_has_nothing_due()
    {
        using var transport = new IotHubTransportLL("hub.localhost");

        Assert.Equal(new WorkStatus(false, false, Timeout.InfiniteTimeSpan), transport.DoWork());
    }

    [Fact]
    public void The_gate_lets_so_many_in_and_no_more()
    {
        var gate = new ConnectGate(2);

        Assert.True(gate.TryEnter());
        Assert.True(gate.TryEnter());
        Assert.False(gate.TryEnter());
        gate.Leave();
        Assert.True(gate.TryEnter());
    }

    [Fact]
    public void The_gate_keeps_count_whoever_leaves_it_on_whatever_thread()
    {
        var gate = new ConnectGate(1_000);

        Parallel.For(0, 200_000, _ =>
        {
            if (gate.TryEnter())
            {
                gate.Leave();
            }
        });

        Assert.Equal(1_000, Enumerable.Range(0, 2_000).Count(_ => gate.TryEnter()));
    }

    private static DeviceConfig Device(string id) => new() { HostName = "hub.localhost", DeviceId = id, SharedAccessKey = Key };

    private static void Work(IotHubTransportLL transport, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            transport.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }
}
