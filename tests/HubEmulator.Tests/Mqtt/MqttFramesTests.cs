using System.Buffers;
using System.Security.Cryptography;
using HubEmulator.Mqtt;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Tests.Mqtt;

public sealed class MqttFramesTests
{
    private const string ConnectHex =
        "10d40100044d51545404c000b400066465762d303100366d796875622e617a7572652d646576696365732e6e65742f6465762d30312f3f"
        + "6170692d76657273696f6e3d323032312d30342d313200885368617265644163636573735369676e61747572652073723d6d796875622e"
        + "617a7572652d646576696365732e6e6574253246646576696365732532466465762d3031267369673d4a5a496e52253246696a4a324931"
        + "565a496e376b674d6733365437664d70714434586867253246576e546f646b4d452533442673653d31373637323235363030";
    private const string SubscribeHex = "82170001001224696f746875622f7477696e2f7265732f2300";
    private const string TwinGetHex = "301a001824696f746875622f7477696e2f4745542f3f247269643d31";
    private const string TelemetryHex =
        "32500045646576696365732f6465762d30312f6d657373616765732f6576656e74732f2532342e63743d6170706c69636174696f6e2532466a736f6e"
        + "262532342e63653d7574662d3800027b2274223a317d";

    [Fact]
    public void A_CONNECT_is_cut_and_decoded()
    {
        byte[] bytes = Convert.FromHexString(ConnectHex);
        Assert.Equal("672b2c9e0a0491cd289c3910b51f0e3bc34d5d9294ae768dd8b5414140525dc5", Convert.ToHexStringLower(SHA256.HashData(bytes)));

        var connect = Assert.IsType<MqttConnectPacket>(Decode(bytes));

        Assert.Equal("dev-01", connect.ClientId);
        Assert.Equal("myhub.azure-devices.net/dev-01/?api-version=2021-04-12", connect.Username);
        Assert.Equal(180, connect.KeepAlivePeriod);
        Assert.False(connect.CleanSession);
        Assert.StartsWith("SharedAccessSignature sr=myhub.azure-devices.net%2Fdevices%2Fdev-01&sig=", System.Text.Encoding.ASCII.GetString(connect.Password), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_packets_are_cut_and_decoded()
    {
        var subscribe = Assert.IsType<MqttSubscribePacket>(Decode(Convert.FromHexString(SubscribeHex)));
        var get = Assert.IsType<MqttPublishPacket>(Decode(Convert.FromHexString(TwinGetHex)));
        var telemetry = Assert.IsType<MqttPublishPacket>(Decode(Convert.FromHexString(TelemetryHex)));

        Assert.Equal((1, "$iothub/twin/res/#"), (subscribe.PacketIdentifier, subscribe.TopicFilters.Single().Topic));
        Assert.Equal(("$iothub/twin/GET/?$rid=1", 0L), (get.Topic, get.Payload.Length));
        Assert.Equal((2, MqttQualityOfServiceLevel.AtLeastOnce), (telemetry.PacketIdentifier, telemetry.QualityOfServiceLevel));
        Assert.Equal("""{"t":1}"""u8, telemetry.Payload.ToArray());
    }

    [Fact]
    public void Answers_are_encoded_to_the_byte()
    {
        var codec = new MqttCodec();
        var output = new ArrayBufferWriter<byte>();

        codec.Encode(new MqttSubAckPacket { PacketIdentifier = 1, ReasonCodes = [MqttSubscribeReasonCode.GrantedQoS0] }, output);
        codec.Encode(new MqttPubAckPacket { PacketIdentifier = 2 }, output);
        codec.Encode(new MqttConnAckPacket { ReturnCode = MqttConnectReturnCode.ConnectionRefusedNotAuthorized }, output);
        codec.Encode(new MqttConnAckPacket { IsSessionPresent = true }, output);
        codec.Encode(MqttPingRespPacket.Instance, output);
        codec.Encode(new MqttUnsubAckPacket { PacketIdentifier = 258 }, output);

        Assert.Equal("9003000100" + "40020002" + "20020005" + "20020100" + "d000" + "b0020102", Convert.ToHexStringLower(output.WrittenSpan));
    }

    [Theory]
    [InlineData(ConnectHex)]
    [InlineData(SubscribeHex)]
    [InlineData(TelemetryHex)]
    public void Every_truncation_waits_for_more_and_takes_nothing(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        for (int length = 0; length < bytes.Length; length++)
        {
            var buffer = new ReadOnlySequence<byte>(bytes, 0, length);

            Assert.Equal(FrameOutcome.Incomplete, MqttFrames.TryRead(ref buffer, 262_144, out _));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [InlineData("00")] // reserved type
    [InlineData("f0")] // type 15
    [InlineData("20020000")] // CONNACK from a client
    [InlineData("9003000100")] // SUBACK from a client
    [InlineData("50020001")] // PUBREC: there is no QoS 2 here
    [InlineData("62020001")] // PUBREL
    [InlineData("11")] // CONNECT with a reserved flag
    [InlineData("8017")] // SUBSCRIBE without its flag
    [InlineData("a0")] // UNSUBSCRIBE without its flag
    [InlineData("36")] // PUBLISH at QoS 3
    [InlineData("c001")] // PINGREQ with a body
    [InlineData("e001")] // DISCONNECT with a body
    [InlineData("4003")] // PUBACK of three bytes
    [InlineData("30ffffffff")] // a fifth length byte
    [InlineData("30ffffff7f")] // larger than is taken
    public void What_can_never_become_a_packet_is_refused_at_the_first_byte_that_shows_it(string hex)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));

        Assert.Equal(FrameOutcome.Malformed, MqttFrames.TryRead(ref buffer, 262_144, out _));
    }

    [Theory]
    [InlineData("82050000000161")] // SUBSCRIBE with identifier 0, and its QoS missing
    [InlineData("8206000000016100")] // SUBSCRIBE with identifier 0
    [InlineData("8206000100016103")] // asking for QoS 3
    [InlineData("8206000100050000")] // a filter longer than the packet
    [InlineData("820500010000" + "00")] // an empty filter
    [InlineData("a2050000000161")] // UNSUBSCRIBE with identifier 0
    [InlineData("3205000161" + "0000")] // PUBLISH at QoS 1 with identifier 0
    [InlineData("3203000161")] // identifier missing
    [InlineData("300300ff61")] // topic longer than the packet
    [InlineData("30030001ff")] // topic that is not UTF-8
    [InlineData("3003000100")] // topic with a null character
    [InlineData("3003000123")] // topic with a wildcard
    [InlineData("100c00044d51545404010000" + "0000")] // CONNECT with its reserved flag
    [InlineData("100c00044d51545404" + "40" + "0000" + "0000")] // a password flag without a user name
    public void A_body_that_breaks_the_standard_is_not_decoded(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        var buffer = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(FrameOutcome.Complete, MqttFrames.TryRead(ref buffer, 262_144, out MqttFrame frame));

        Assert.False(new MqttCodec().TryDecode(frame, out _));
    }

    [Theory]
    [InlineData("3003000161")] // the shortest publish
    [InlineData("8206000100016101")]
    [InlineData("a2050001000161")]
    [InlineData("4002ffff")]
    [InlineData("100c00044d51545404020000" + "0000")]
    public void The_shortest_packets_are_decoded(string hex)
    {
        var buffer = new ReadOnlySequence<byte>(Convert.FromHexString(hex));
        Assert.Equal(FrameOutcome.Complete, MqttFrames.TryRead(ref buffer, 262_144, out MqttFrame frame));

        Assert.True(new MqttCodec().TryDecode(frame, out _));
    }

    [Theory]
    [InlineData("00044d5154540400", (int)ConnectLevel.Served)]
    [InlineData("00044d5154540500", (int)ConnectLevel.NotServed)]
    [InlineData("00044d5154540300", (int)ConnectLevel.NotServed)]
    [InlineData("00064d514973647003", (int)ConnectLevel.NotServed)]
    [InlineData("00044d515454", (int)ConnectLevel.NotMqtt)]
    [InlineData("00046d71747404", (int)ConnectLevel.NotMqtt)]
    [InlineData("", (int)ConnectLevel.NotMqtt)]
    public void The_protocol_level_is_told_before_the_rest_is_read(string hex, int level) =>
        Assert.Equal((ConnectLevel)level, ConnectPreamble.Read(new ReadOnlySequence<byte>(Convert.FromHexString(hex))));

    [Fact]
    public void No_bytes_make_it_throw_and_a_frame_is_never_larger_than_agreed()
    {
        var random = new Random(20260102);
        byte[][] seeds = [Convert.FromHexString(ConnectHex), Convert.FromHexString(SubscribeHex), Convert.FromHexString(TelemetryHex)];
        var codec = new MqttCodec();
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. seeds[random.Next(seeds.Length)]];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            var buffer = new ReadOnlySequence<byte>(bytes);
            while (MqttFrames.TryRead(ref buffer, 1024, out MqttFrame frame) == FrameOutcome.Complete)
            {
                Assert.InRange(frame.Body.Length, 0, 1024);
                codec.TryDecode(frame, out _);
            }
        }
    }

    private static MqttPacket Decode(byte[] bytes)
    {
        // In pieces of three bytes, as a network may deliver them.
        ReadOnlySequence<byte> buffer = Pieces.Of(bytes, 3);
        Assert.Equal(FrameOutcome.Complete, MqttFrames.TryRead(ref buffer, 262_144, out MqttFrame frame));
        Assert.True(buffer.IsEmpty);
        Assert.True(new MqttCodec().TryDecode(frame, out MqttPacket packet));
        return packet;
    }
}
