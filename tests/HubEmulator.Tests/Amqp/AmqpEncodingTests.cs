using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.Amqp;

namespace HubEmulator.Tests.Amqp;

public sealed class AmqpEncodingTests
{
    [Theory]
    [InlineData("40", 1)] // null
    [InlineData("41", 1)] // true
    [InlineData("5601", 2)] // boolean with a byte
    [InlineData("607FFF", 3)] // ushort
    [InlineData("70FFFFFFFF", 5)] // uint
    [InlineData("80FFFFFFFFFFFFFFFF", 9)] // ulong
    [InlineData("98000102030405060708090A0B0C0D0E0F", 17)] // uuid
    [InlineData("A103616263", 5)] // string
    [InlineData("B100000003616263", 8)] // string with a long size
    [InlineData("45", 1)] // empty list
    [InlineData("C0034041", -1)] // list cut off
    [InlineData("C003024041", 5)] // list of two
    [InlineData("C003014041", -1)] // list of one with something behind it
    [InlineData("C003034041", -1)] // list of three with two
    [InlineData("C1050252015202", 7)] // map
    [InlineData("D000000006000000024041", 11)] // list with a long size
    [InlineData("D07FFFFFFF7FFFFFFF", -1)] // list of two thousand million
    [InlineData("D0FFFFFFFFFFFFFFFF", -1)] // list of a negative size
    [InlineData("E0040260000100", -1)] // array of two ushort with one and a half
    [InlineData("E006026000010002", 8)] // array of two ushort
    [InlineData("F00000000501000000" + "40", -1)] // array of sixteen million nulls
    [InlineData("E0020040", 4)] // empty array
    [InlineData("E0020240", 4)] // array of two nulls
    [InlineData("E00402A1016101", -1)] // array of strings, cut off
    [InlineData("005314C0020143", 7)] // described list
    [InlineData("0053", -1)] // described by nothing
    [InlineData("30", -1)] // no such constructor
    [InlineData("", -1)]
    public void A_value_is_as_long_as_its_constructor_says_or_malformed(string hex, int length)
    {
        Assert.Equal(length, AmqpEncoding.Measure(Convert.FromHexString(hex)));
    }

    [Fact]
    public void Nesting_ends_before_the_stack_does()
    {
        byte[] described = new byte[60_000]; // described by described by described …
        byte[] lists = [.. Enumerable.Repeat<byte[]>([0xC0, 0xFF, 0x01], 10_000).SelectMany(bytes => bytes)];

        Assert.Equal(-1, AmqpEncoding.Measure(described));
        Assert.Equal(-1, AmqpEncoding.Measure(lists));
    }

    [Fact]
    public void What_the_library_writes_is_measured_whole_and_every_truncation_is_refused()
    {
        var message = new Message("body")
        {
            Properties = new Properties { MessageId = "m1", To = "x", CreationTime = DateTime.UnixEpoch },
            ApplicationProperties = new ApplicationProperties { ["a"] = 1, ["b"] = "text", ["c"] = null, ["d"] = 1.5, ["e"] = true, ["f"] = new Symbol[] { "x", "y" } },
            MessageAnnotations = new MessageAnnotations { [new Symbol("x")] = new Map { ["k"] = new List { 1L, Guid.Empty } } },
        };
        ByteBuffer buffer = message.Encode();
        byte[] bytes = buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
        int[] ends = [.. Enumerable.Range(0, bytes.Length + 1).Where(length => AmqpEncoding.IsMessage(bytes.AsSpan(0, length)))];

        Assert.Equal([0, .. ends.Skip(1).Take(3), bytes.Length], ends); // between the four sections, and nowhere else
    }

    [Fact]
    public void Bytes_of_any_kind_are_measured_without_reading_beyond_them()
    {
        var random = new Random(7);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);

            Assert.InRange(AmqpEncoding.Measure(bytes), -1, bytes.Length);
            TransferFrame.TryRead(bytes, out _);
        }
    }
}
