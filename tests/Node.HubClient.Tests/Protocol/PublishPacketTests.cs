using Node.HubClient.Protocol;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Protocol;

public sealed class PublishPacketTests
{
    [Fact]
    public void A_twin_read_is_encoded_to_the_published_bytes() =>
        Assert.Equal("301A001824696F746875622F7477696E2F4745542F3F247269643D31", Convert.ToHexString(PublishPacket.EncodeQosZero("$iothub/twin/GET/?$rid=1", [])!));

    [Fact]
    public void Telemetry_is_encoded_to_the_published_bytes()
    {
        byte[] packet = PublishPacket.EncodeQosOne("devices/dev-01/messages/events/%24.ct=application%2Fjson&%24.ce=utf-8"u8, "{\"t\":1}"u8, out int offset)!;
        PublishPacket.Stamp(packet, offset, 2, duplicate: false);

        Assert.Equal(
            "32500045646576696365732F6465762D30312F6D657373616765732F6576656E74732F2532342E63743D6170706C69636174696F6E2532466A736F6E262532342E63653D7574662D3800027B2274223A317D",
            Convert.ToHexString(packet));
    }

    [Fact]
    public void A_repetition_differs_in_the_dup_bit_alone()
    {
        byte[] first = PublishPacket.EncodeQosOne("t"u8, "x"u8, out int offset)!;
        PublishPacket.Stamp(first, offset, 7, duplicate: false);
        byte[] second = [.. first];
        PublishPacket.Stamp(second, offset, 7, duplicate: true);

        Assert.Equal(0x32, first[0]);
        Assert.Equal(0x3A, second[0]);
        Assert.Equal(first[1..], second[1..]);
    }

    [Theory, InlineData(0), InlineData(120), InlineData(121), InlineData(16_376), InlineData(16_377), InlineData(262_144)]
    public void The_frame_reader_finds_the_length_that_the_writer_wrote(int payload)
    {
        byte[] packet = PublishPacket.EncodeQosOne("t"u8, new byte[payload], out _)!;

        Assert.True(MqttFrame.TryRead(packet, out MqttFrame frame, out bool malformed));
        Assert.False(malformed);
        Assert.Equal(packet.Length, frame.TotalLength);
        Assert.False(MqttFrame.TryRead(packet.AsSpan(0, packet.Length - 1), out _, out malformed));
        Assert.False(malformed);
    }

    [Fact]
    public void A_length_of_five_bytes_or_over_the_bound_is_malformed()
    {
        Assert.False(MqttFrame.TryRead([0x30, 0xFF, 0xFF, 0xFF, 0xFF], out _, out bool tooManyBytes));
        Assert.False(MqttFrame.TryRead([0x30, 0xFF, 0xFF, 0xFF, 0x7F], out _, out bool tooLarge));

        Assert.True(tooManyBytes);
        Assert.True(tooLarge);
    }

    [Fact]
    public void A_topic_over_65535_bytes_is_refused() => Assert.Null(PublishPacket.EncodeQosOne(new byte[65_536], [], out _));

    [Theory, InlineData(11), InlineData(12)]
    public void Percent_encoding_comes_back_as_it_went(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(1, 0xD800))]);

            Assert.Equal(text, PercentEncoding.Decode(System.Text.Encoding.UTF8.GetBytes(PercentEncoding.Encode(text))));
        }
    }

    [Fact]
    public void An_incomplete_escape_stays_as_it_is() => Assert.Equal("100%, 5%2", PercentEncoding.Decode("100%, 5%2"u8));
}
