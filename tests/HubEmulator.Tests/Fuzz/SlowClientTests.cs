using HubEmulator.Tests.Amqp;
using HubEmulator.Tests.Live;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Clients that begin a word and never end it.</summary>
public sealed class SlowClientTests
{
    private const int Clients = 150;

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
