using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Node.HubClient.Protocol;
using Node.HubClient.Tests.Support;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>What one side writes, the other reads back. A failure prints the seed that repeats it.</summary>
public sealed class RoundTripFuzzTests
{
    private const int Rounds = 10_000;
    private const int TopicMaximumBytes = 65_535;
    private const string DeviceIdLetters = "ABCXYZabcxyz0189-.%_*?!(),:=@$'+#";

    private static readonly string[] SystemKeys = ["$.mid", "$.cid", "$.uid", "$.to", "$.ct", "$.ce", "$.ctime", "$.exp", "iothub-ack", "$.sub"];

    private static readonly int[] Order = [0, 1, 2];

    private static readonly Gen<string> DeviceId = Gen.OneOf(DeviceIdLetters.ToCharArray()).Array[1, 128].Select(letters => new string(letters));

    private static readonly Gen<string> HostName =
        Gen.Char['a', 'z'].Array[1, 20].Array[1, 4].Select(labels => string.Join('.', labels.Select(label => new string(label))));

    private static readonly Gen<KeyValuePair<string, string?>[]> Properties =
        Gen.Select(Inputs.Text, Inputs.Text.Null(), (key, value) => new KeyValuePair<string, string?>(key, value)).Array[0, 6]
            .Select(pairs => pairs.Where(pair => pair.Key.Length > 0 && !SystemKeys.Contains(pair.Key)).DistinctBy(pair => pair.Key).ToArray());

    [Fact]
    public void Percent_encoding_uses_bare_characters_only_and_decodes_to_the_same_text() =>
        Inputs.AnyText.Sample(
            text =>
            {
                string encoded = PercentEncoding.Encode(text);

                Assert.Matches(@"^[A-Za-z0-9!()*\-._%]*$", encoded);
                Assert.Equal(Inputs.Wellformed(text), PercentEncoding.Decode(Encoding.ASCII.GetBytes(encoded)));
            },
            iter: Rounds);

    [Fact]
    public void A_message_topic_reads_back_as_its_properties() =>
        Gen.Select(Properties, Inputs.Text.Null(), Inputs.Text.Null(), Inputs.Text.Null()).Sample(
            (properties, messageId, correlationId, contentType) =>
            {
                var sent = new TelemetryMessage(default) { MessageId = messageId, CorrelationId = correlationId, ContentType = contentType };
                Array.ForEach(properties, sent.Properties.Add);
                byte[] topic = Topic(sent);
                var read = new C2dMessage([], 0);
                C2dTopic.ReadBag(topic.AsSpan("devices/dev1/messages/events/".Length), read);

                Assert.Equal((OrNone(messageId), OrNone(correlationId), OrNone(contentType)), (read.MessageId, read.CorrelationId, read.ContentType));
                Assert.Equal(properties.Where(property => property.Value is { Length: > 0 }), read.Properties);
            },
            iter: Rounds);

    [Fact]
    public void Twin_topics_read_back_their_numbers() =>
        Gen.Select(Gen.Int[100, 599], Gen.Int[0, int.MaxValue], Gen.Long[0, long.MaxValue]).Sample(
            (status, requestId, version) =>
            {
                string answer = string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/res/{status}/{TwinTopic.Get(requestId).Split('/')[^1]}&$version={version}");
                string push = string.Create(CultureInfo.InvariantCulture, $"$iothub/twin/PATCH/properties/desired/?$version={version}");

                Assert.True(TwinTopic.TryParseResponse(Encoding.UTF8.GetBytes(answer), out int readStatus, out int readId));
                Assert.True(TwinTopic.TryParseDesired(Encoding.UTF8.GetBytes(push), out long readVersion));
                Assert.Equal((status, requestId, version), (readStatus, readId, readVersion));
            },
            iter: Rounds);

    [Fact]
    public void A_twin_reads_back_its_desired_version() =>
        Gen.Select(Gen.Long, Inputs.Text, Gen.Bool).Sample(
            (version, name, reportedFirst) =>
            {
                string property = System.Text.Json.JsonSerializer.Serialize(name is "$version" or "desired" ? "x" : name);
                string desired = string.Create(CultureInfo.InvariantCulture, $$"""{{{property}}:{"$version":-1},"$version":{{version}}}""");
                string twin = reportedFirst ? $$$"""{"reported":{"desired":{"$version":0}},"desired":{{{desired}}}}""" : $$$"""{"desired":{{{desired}}},{{{property}}}:{}}""";

                Assert.True(TwinVersion.TryReadDesired(Encoding.UTF8.GetBytes(twin), out long read), twin);
                Assert.Equal(version < 0 ? TwinVersion.Unknown : version, read);
            },
            iter: Rounds);

    [Fact]
    public void A_token_reads_back_its_expiry() =>
        Gen.Select(HostName, DeviceId, Gen.Long[0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()], Gen.Byte.Array[1, 64]).Sample(
            (host, device, seconds, key) =>
            {
                DateTimeOffset expiry = DateTimeOffset.FromUnixTimeSeconds(seconds);
                string token = SasToken.Create(SasToken.DeviceScope(host, device), data => HMACSHA256.HashData(key, data), expiry);

                Assert.True(SasToken.TryReadExpiry(token, out DateTimeOffset read));
                Assert.Equal(expiry, read);
            },
            iter: Rounds);

    [Fact]
    public void A_connection_string_reads_back_its_parts_in_any_order() =>
        Gen.Select(HostName, DeviceId, Gen.Byte.Array[1, 64], Gen.Shuffle(Order)).Sample(
            (host, device, key, order) =>
            {
                string[] parts = [$"HostName={host}", $"DeviceId={device}", $"SharedAccessKey={Convert.ToBase64String(key)}"];
                DeviceConnectionString parsed = DeviceConnectionString.Parse(string.Join(';', order.Select(index => parts[index])));

                Assert.Equal((host, device), (parsed.Identity.HostName, parsed.Identity.DeviceId));
                Assert.Equal(key, parsed.Key);
            },
            iter: Rounds);

    [Fact]
    public void A_packet_is_framed_as_long_as_it_is_and_never_from_a_part_of_it() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 20_000], Gen.Int[0, 1_000]).Sample(
            (topic, payload, part) =>
            {
                byte[] packet = PublishPacket.EncodeQosOne(topic, new byte[payload], out int packetIdOffset)!;

                Assert.True(MqttFrame.TryRead([.. packet, 0x30, 0], out MqttFrame frame, out _));
                Assert.Equal((3, packet.Length, frame.BodyStart + 2 + topic.Length), (frame.Type, frame.TotalLength, packetIdOffset));
                Assert.False(MqttFrame.TryRead(packet.AsSpan(0, packet.Length * part / 1_001), out _, out bool malformed));
                Assert.False(malformed);
            },
            iter: 2_000);

    [Fact]
    public void A_topic_stays_within_65535_bytes_or_the_message_is_refused()
    {
        using var rig = new ClientRig(window: 1_000, maximumBytes: 1L << 30);
        rig.Connect();
        int refused = 0;
        Gen.Select(Properties, Inputs.Text, Gen.Int[21_700, 65_600]).Where(part => part.Item2.Length > 0).Sample(
            (properties, filling, length) =>
            {
                string messageId = string.Concat(Enumerable.Repeat(filling, (length / filling.Length) + 1))[..length];
                var message = new TelemetryMessage(default) { MessageId = messageId };
                Array.ForEach(properties, message.Properties.Add);
                bool fits = Topic(message).Length <= TopicMaximumBytes && TelemetrySize.Of(message) <= 262_144;
                refused += fits ? 0 : 1;

                Assert.Equal(fits ? IotHubClientResult.Ok : IotHubClientResult.InvalidSize, rig.Client.SendEvent(message));
                rig.Client.DoWork();
                Assert.Equal(fits ? 1 : 0, rig.Hub.Published.Count);
                Assert.All(rig.Hub.Published, sent => Assert.InRange(Encoding.UTF8.GetByteCount(sent.Topic), 1, TopicMaximumBytes));
                rig.Hub.Published.ForEach(sent => rig.Hub.Confirm(sent.PacketId));
                rig.Hub.Published.Clear();
                rig.Client.DoWork();
            },
            iter: 300,
            threads: 1);

        Assert.InRange(refused, 10, 290); // Both sides of the limit were met.
    }

    [Theory, InlineData(65_535, IotHubClientResult.Ok), InlineData(65_536, IotHubClientResult.InvalidSize)]
    public void The_limit_is_exact(int topicBytes, IotHubClientResult expected)
    {
        using var rig = new ClientRig();
        int rest = topicBytes - Topic(new TelemetryMessage(default) { MessageId = "" }).Length;

        Assert.Equal(expected, rig.Client.SendEvent(new TelemetryMessage(default) { MessageId = new string('m', rest) }));
    }

    private static byte[] Topic(TelemetryMessage message)
    {
        var topic = new Utf8Builder(stackalloc byte[64]);
        new TelemetryTopic("dev1", encode: true).Build(message, TimeProvider.System, ref topic);
        byte[] written = topic.Written.ToArray();
        topic.Dispose();
        return written;
    }

    /// <summary>What is empty is left out of a message that arrives.</summary>
    private static string? OrNone(string? text) => text is { Length: > 0 } ? text : null;
}
