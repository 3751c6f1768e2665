using HubEmulator.Tests.Amqp;
using HubEmulator.Tests.Live;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Clients that begin a word, a handshake or a request and never end it.</summary>
public sealed class SlowClientTests
{
    private const int Clients = 150;
    private const long MostGrowthBytes = 16L << 20;

    [Fact]
    public async Task Clients_that_say_half_a_word_are_put_out_and_another_device_goes_on()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestDevice good = await hub.ConnectAsync();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        byte[] connect = Packets.Connect(hub.Hub.HostName, "dev-02", "token");
        var lines = new List<FuzzLine>();
        for (int client = 0; client < Clients; client++)
        {
            bool isService = client % 3 == 0;
            FuzzLine line = await FuzzLine.OpenAsync(hub, isService ? hub.Hub.AmqpPort : hub.Hub.MqttPort, withTls: true, cancel);
            byte[] word = isService ? AmqpWire.Opening() : connect;
            await line.SendAsync(word[..(client % (word.Length - 1))], cancel);
            lines.Add(line);
        }

        Task ended = Task.WhenAll(lines.Select(line => EndOfAsync(line, cancel)));
        int turns = 0;
        while (!ended.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await good.PublishAsync($"devices/{TestHub.DeviceId}/messages/events/");
            turns++;
        }

        await ended;
        lines.ForEach(line => line.Dispose());
        Assert.Equal(turns, hub.Hub.Telemetry.Received);
    }

    /// <summary>The limits are as short as a loaded machine allows; nothing here measures how long it takes.</summary>
    [Fact]
    public async Task Clients_that_are_slow_over_TLS_or_HTTPS_are_put_out_and_leave_no_memory_behind()
    {
        var slow = new SlowClientLimits { Handshake = TimeSpan.FromSeconds(3), RequestHead = TimeSpan.FromSeconds(3), BodyGrace = TimeSpan.FromSeconds(2), Idle = TimeSpan.FromSeconds(3) };
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)], SlowClients = slow });
        await using TestDevice good = await hub.ConnectAsync();
        CancellationToken cancel = TestContext.Current.CancellationToken;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var lines = new List<FuzzLine>();
        for (int client = 0; client < Clients; client++)
        {
            lines.Add(await OpenSlowAsync(hub, client, cancel));
        }

        Task ended = Task.WhenAll(lines.Select(line => EndOfAsync(line, cancel)));
        int turns = 0;
        do
        {
            await good.PublishAsync($"devices/{TestHub.DeviceId}/messages/events/");
            turns++;
        }
        while (!ended.IsCompleted);

        await ended;
        lines.ForEach(line => line.Dispose());
        Assert.Equal(turns, hub.Hub.Telemetry.Received);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, MostGrowthBytes);
    }

    /// <summary>A third of a handshake on each port, nothing at all, half the head of a request, or a body that does not come.</summary>
    private static async Task<FuzzLine> OpenSlowAsync(TestHub hub, int client, CancellationToken cancel)
    {
        byte[] hello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, .. new byte[client]];
        byte[] head = System.Text.Encoding.ASCII.GetBytes(
            $"PATCH /twins/{TestHub.DeviceId}?api-version=2021-04-12 HTTP/1.1\r\nHost: {hub.Hub.HostName}\r\nAuthorization: {hub.ServiceToken()}\r\nContent-Length: 1000\r\n\r\n{{\"tags\":");
        int[] ports = [hub.Hub.MqttPort, hub.Hub.HttpsPort, hub.Hub.AmqpPort];
        int kind = client % 6;
        FuzzLine line = await FuzzLine.OpenAsync(hub, kind < 3 ? ports[kind] : hub.Hub.HttpsPort, withTls: kind > 3, cancel);
        byte[] said = kind switch { < 3 => hello, 3 => [], 4 => head[..(client % 80)], _ => head };
        await line.SendAsync(said, cancel);
        return line;
    }

    private static async Task EndOfAsync(FuzzLine line, CancellationToken cancel)
    {
        try
        {
            while (!(await line.ReceiveAsync(cancel)).IsEmpty)
            {
            }
        }
        catch (IOException)
        {
            // Dropped rather than closed; either is an end.
        }
    }
}
