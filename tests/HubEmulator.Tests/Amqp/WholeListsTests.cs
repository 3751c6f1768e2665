using System.Buffers;
using System.Buffers.Binary;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.Amqp;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Amqp;

/// <summary>Frames with every field, as clients that count fields need them.</summary>
public sealed class WholeListsTests
{
    [Fact]
    public void A_frame_without_its_last_fields_gets_them_as_nulls_and_keeps_its_payload()
    {
        byte[] frame = AmqpWire.Frame(new Transfer { Handle = 3, DeliveryId = 7, DeliveryTag = [1, 2], MessageFormat = 0, Settled = true }, payload: [9, 8, 7], channel: 5);

        byte[] whole = Write(frame);
        var read = (Transfer)Decode(whole, out int performative);

        Assert.Equal((11, whole.Length), (CountOf(whole), BinaryPrimitives.ReadInt32BigEndian(whole)));
        Assert.Equal((3u, 7u, true, false), (read.Handle, read.DeliveryId, read.Settled, read.More));
        Assert.Equal([1, 2, .. new byte[14]], read.DeliveryTag);
        Assert.Equal((5, "090807"), (whole[7], Convert.ToHexString(whole[(8 + performative)..])));
        Assert.InRange(whole.Length - frame.Length, 1, WholeLists.MostGrowth);
    }

    [Fact]
    public void Every_performative_and_what_is_directly_in_it_is_completed()
    {
        (DescribedList Performative, int Fields)[] all =
        [
            (new Open { ContainerId = "x" }, 10), (new Begin { NextOutgoingId = 0, IncomingWindow = 1, OutgoingWindow = 1 }, 8),
            (new Attach { LinkName = "s", Handle = 0, Role = true, Source = new Source { Address = "a" }, Target = new Target() }, 14), (new Flow { IncomingWindow = 1, NextOutgoingId = 0, OutgoingWindow = 1 }, 11),
            (new Dispose { Role = true, First = 0, Settled = true, State = new Accepted() }, 6), (new Detach { Handle = 0, Closed = true }, 3), (new End(), 1), (new Close(), 1),
        ];

        foreach ((DescribedList performative, int fields) in all)
        {
            byte[] whole = Write(AmqpWire.Frame(performative));

            Assert.Equal(fields, CountOf(whole));
            Assert.Equal(performative.GetType(), Decode(whole, out _).GetType());
            Assert.Equal(whole, Write(whole)); // nothing to add
        }

        byte[] error = Write(AmqpWire.Frame(new Detach { Handle = 0, Closed = true, Error = new Error(ErrorCode.NotFound) { Description = "gone" } }));
        Assert.Equal(Write(error), error);
        Assert.Equal(0x40, error[^1]); // the error's info
        Assert.Equal("gone", ((Detach)Decode(error, out _)).Error.Description);
    }

    [Fact]
    public void A_list_that_outgrows_its_short_form_takes_the_long_one_and_what_is_no_frame_stays()
    {
        byte[] large = Write(AmqpWire.Frame(new Open { ContainerId = new string('x', 243), HostName = "h" }));

        Assert.Equal(243, ((Open)Decode(large, out _)).ContainerId.Length);
        Assert.Equal(0xD0, large[11]);
        Assert.Equal(AmqpWire.Header, Write(AmqpWire.Header));
        Assert.Equal([0, 0, 0, 8, 2, 0, 0, 0], Write([0, 0, 0, 8, 2, 0, 0, 0])); // a heartbeat
    }

    [Fact]
    public async Task What_the_hub_says_to_a_client_has_every_field()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using AmqpWire wire = await AmqpWire.OpenAsync(hub);

        await wire.SendAsync(AmqpWire.Opening());
        await wire.ReceiveAsync(AmqpWire.Header.Length);
        var counts = new Dictionary<int, int>();
        while (counts.Count < 4) // open, begin, attach, flow
        {
            byte[] size = await wire.ReceiveAsync(4);
            byte[] frame = [.. size, .. await wire.ReceiveAsync(BinaryPrimitives.ReadInt32BigEndian(size) - 4)];
            counts[frame[10]] = CountOf(frame);
        }

        Assert.Equal(new Dictionary<int, int> { [0x10] = 10, [0x11] = 8, [0x12] = 14, [0x13] = 11 }, counts);
    }

    private static byte[] Write(byte[] frame)
    {
        var output = new ArrayBufferWriter<byte>();
        WholeLists.Write(frame, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The fields of the performative of a frame.</summary>
    private static int CountOf(byte[] frame) => frame[11] switch { 0x45 => 0, 0xC0 => frame[13], _ => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(16)) };

    private static object Decode(byte[] frame, out int performative)
    {
        var buffer = new ByteBuffer(frame, 8, frame.Length - 8, frame.Length - 8);
        object read = Encoder.ReadDescribed(buffer, Encoder.ReadFormatCode(buffer));
        performative = frame.Length - 8 - buffer.Length;
        return read;
    }
}
