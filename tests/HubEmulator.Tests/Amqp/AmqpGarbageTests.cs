using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.Amqp;
using HubEmulator.Tests.Live;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Amqp;

/// <summary>Clients that break the rules, say nothing or take nothing lose their own connection and nothing else.</summary>
public sealed class AmqpGarbageTests
{
    private const string Topic = "devices/dev-01/messages/events/";
    private const string Path = "hub/ConsumerGroups/$Default/Partitions/0";

    /// <summary>What is sent, and a part of what the hub says of it.</summary>
    public static TheoryData<string, byte[], string> Broken => new()
    {
        { "http", "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), "AMQP\x03" },
        { "another version", [.. "AMQP"u8, 0, 2, 0, 0, 0, 0, 0, 0], "AMQP\x03" },
        { "a frame of a gigabyte", [.. AmqpWire.Header, 0x40, 0, 0, 0], "A frame has" },
        { "a frame of nothing", [.. AmqpWire.Header, 0, 0, 0, 0], "A frame has" },
        { "nested without end", [.. AmqpWire.Header, .. AmqpWire.Frame(new byte[60_000])], "A frame is malformed" },
        { "a list of two thousand million", [.. AmqpWire.Header, .. AmqpWire.Frame(Convert.FromHexString("005310D07FFFFFFF7FFFFFFF"))], "A frame is malformed" },
        { "an array of two thousand million", [.. AmqpWire.Header, .. AmqpWire.Frame(Convert.FromHexString("005310C00C01F0000000057FFFFFFF40"))], "A frame is malformed" },
        { "a channel that was not begun", [.. AmqpWire.Opening(), .. AmqpWire.Part([1], channel: 9)], "$cbs" },
        { "a handle that was not attached", [.. AmqpWire.Opening(), .. AmqpWire.Part([1], handle: 9)], "$cbs" },
        { "a message that is none", [.. AmqpWire.Opening(), .. AmqpWire.Part([1, 2, 3])], "A message is malformed" },
        { "a message nested without end", [.. AmqpWire.Opening(), .. NestedMessage()], "A message is malformed" },
        { "sasl without a mechanism", [.. AmqpWire.SaslHeader, 0, 0, 0, 14, 2, 1, 0, 0, 0, 0x53, 0x41, 0xC0, 1, 0], "MSSBCBS" },
        { "sasl of another kind", [.. AmqpWire.SaslHeader, 0, 0, 0, 12, 2, 1, 0, 0, 0, 0x53, 0x44, 0x45], "MSSBCBS" },
        { "a sasl frame of a gigabyte", [.. AmqpWire.SaslHeader, 0x40, 0, 0, 0], "MSSBCBS" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_breaks_the_protocol_ends_the_connection(string kind, byte[] bytes, string saying)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService other = await TestService.ConnectAsync(hub);
        await using AmqpWire wire = await AmqpWire.OpenAsync(hub);

        await wire.SendAsync(bytes);
        string answer = await wire.ReceiveToEndAsync(); // would not return otherwise

        Assert.Contains(saying, answer, StringComparison.Ordinal);
        Assert.True(await TestService.SendAsync(other.OpenSender(), ToDevice()) is null, kind);
    }

    [Fact]
    public async Task A_message_without_end_is_cut_off()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using AmqpWire wire = await AmqpWire.OpenAsync(hub);
        byte[] part = AmqpWire.Part(new byte[32 * 1024], more: true);
        await wire.SendAsync(AmqpWire.Opening());

        int sent = 0;
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (; sent < 1_000; sent++)
            {
                await wire.SendAsync(part);
            }
        });

        Assert.InRange(sent, PartialMessages.MostBytes / (32 * 1024), 999);
    }

    [Fact]
    public async Task Whoever_says_nothing_is_dropped_after_ten_seconds_at_every_stage()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        byte[][] stages = [[], AmqpWire.Header[..4], AmqpWire.SaslHeader, AmqpWire.Header, [.. AmqpWire.Header, 0, 0]];
        var wires = new List<AmqpWire>();
        foreach (byte[] stage in stages)
        {
            AmqpWire wire = await AmqpWire.OpenAsync(hub);
            wires.Add(wire);
            await wire.SendAsync(stage);
        }

        await wires[2].ReceiveAsync(8); // SASL has begun
        await wires[3].ReceiveAsync(8); // AMQP has begun
        await wires[4].ReceiveAsync(8);
        Task<string>[] ends = [.. wires.Select(wire => wire.ReceiveToEndAsync())];
        while (!Task.WhenAll(ends).IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await Task.WhenAll(ends);
        foreach (AmqpWire wire in wires)
        {
            await wire.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_reader_that_grants_everything_and_takes_nothing_holds_up_nobody()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        string large = new('x', 250_000);
        await using TestService stalled = await TestService.ConnectAsync(hub);
        var stop = new ManualResetEventSlim();
        ReceiverLink never = stalled.OpenReader(Path, credit: null);
        never.Start(int.MaxValue - 1, (_, _) => stop.Wait(TestContext.Current.CancellationToken)); // blocks the client's only reading thread

        for (int index = 0; index < 100; index++)
        {
            await device.PublishAsync(Topic, large);
        }

        await using TestService other = await TestService.ConnectAsync(hub);
        ReceiverLink reader = other.OpenReader(Path);
        for (long expected = 0; expected < 100; expected++)
        {
            using Message message = await reader.ReceiveAsync(TestHub.Deadline);
            Assert.Equal(expected, message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);
        }

        stop.Set();
    }

    [Fact]
    public async Task Requests_whose_answers_nobody_takes_end_the_connection()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        _ = new ReceiverLink(service.Session, "answers", "$cbs"); // grants no credit
        SenderLink requests = service.OpenSender("$cbs");
        for (int index = 0; index < 150 && !requests.IsClosed; index++)
        {
            requests.Send(new Message("x") { Properties = new Properties { MessageId = "1" } }, null, null);
        }

        Assert.Equal(ErrorCode.ResourceLimitExceeded, (await service.EndAsync())?.Condition);
    }

    [Fact]
    public async Task Bytes_of_any_kind_hurt_nobody()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService other = await TestService.ConnectAsync(hub);
        var random = new Random(11);
        for (int round = 0; round < 40; round++)
        {
            await using AmqpWire wire = await AmqpWire.OpenAsync(hub);
            byte[] bytes = AmqpWire.Opening();
            for (int change = 0; change < 3; change++)
            {
                bytes[random.Next(8, bytes.Length)] = (byte)random.Next(256);
            }

            await wire.SendAsync(bytes);
        }

        Assert.Null(await TestService.SendAsync(other.OpenSender(), ToDevice()));
    }

    [Fact]
    public async Task An_outage_drops_services_and_brings_them_back_on_the_same_port()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService before = await TestService.ConnectAsync(hub);
        int port = hub.Hub.AmqpPort;

        await hub.Hub.StopListeningAsync();
        await before.EndAsync();
        Assert.NotNull(await Record.ExceptionAsync(() => TestService.ConnectAsync(hub)));
        await hub.Hub.ResumeListeningAsync();
        await using TestService after = await TestService.ConnectAsync(hub);

        Assert.Null(await TestService.SendAsync(after.OpenSender(), ToDevice()));
        Assert.Equal(port, hub.Hub.AmqpPort);
    }

    /// <summary>As long as the hub takes it, which is more than a stack does.</summary>
    private static byte[] NestedMessage() => [.. Enumerable.Range(0, 8).SelectMany(part => AmqpWire.Part(new byte[60_000], more: part < 7))];

    private static Message ToDevice() => new() { Properties = new Properties { To = "/devices/dev-01/messages/devicebound" } };
}
