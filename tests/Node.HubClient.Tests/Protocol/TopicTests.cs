using System.Text;
using Node.HubClient.Protocol;

namespace Node.HubClient.Tests.Protocol;

public sealed class TopicTests
{
    private static readonly byte[] Key = "0123456789abcdef0123456789abcdef"u8.ToArray();

    [Fact]
    public void A_token_is_signed_as_the_reference_signs_it()
    {
        string token = SasToken.Create(SasToken.DeviceScope("contoso.azure-devices.net", "dev1"), data => System.Security.Cryptography.HMACSHA256.HashData(Key, data), DateTimeOffset.FromUnixTimeSeconds(1_700_003_600));

        Assert.Equal("SharedAccessSignature sr=contoso.azure-devices.net/devices/dev1&sig=vP3Z%2fCd8Cma7wAKwCCzRmJz26D9MhdNq1d9uFNe0Qj8%3d&se=1700003600", token);
    }

    [Fact]
    public void A_device_id_with_special_characters_is_escaped_in_the_scope() =>
        Assert.Equal("h.example/devices/dev%3Aa%2Bb%25c%23d", SasToken.DeviceScope("h.example", "dev:a+b%c#d"));

    [Theory]
    [InlineData(null, "contoso.azure-devices.net/dev1/?api-version=2020-09-30&DeviceClientType=iothubclient%2f1.15.0%20(native%3b%20Linux%3b%20x86_64)")]
    [InlineData("dtmi:com:example:Thermostat;1", "contoso.azure-devices.net/dev1/?api-version=2020-09-30&DeviceClientType=iothubclient%2f1.15.0%20(native%3b%20Linux%3b%20x86_64)&model-id=dtmi%3acom%3aexample%3aThermostat%3b1")]
    public void The_user_name_is_built_as_the_reference_builds_it(string? modelId, string expected) =>
        Assert.Equal(expected, UserName.Build("contoso.azure-devices.net", "dev1", "iothubclient/1.15.0 (native; Linux; x86_64)", modelId));

    [Theory]
    [InlineData(true, "devices/dev1/messages/events/a%20b=1%2f2&t=x&%24.cid=c-1&%24.mid=m%3a1&%24.ct=application%2fjson&%24.ce=utf-8")]
    [InlineData(false, "devices/dev1/messages/events/a b=1/2&t=x&%24.cid=c-1&%24.mid=m:1&%24.ct=application/json&%24.ce=utf-8")]
    public void The_topic_carries_application_then_system_properties(bool encode, string expected)
    {
        var message = new TelemetryMessage(default) { CorrelationId = "c-1", MessageId = "m:1", ContentType = "application/json", ContentEncoding = "utf-8" };
        message.Properties.Add(new("a b", "1/2"));
        message.Properties.Add(new("t", "x"));

        Assert.Equal(expected, Topic("dev1", encode, message));
    }

    [Fact]
    public void A_message_without_properties_ends_in_the_slash() =>
        Assert.Equal("devices/dev1/messages/events/", Topic("dev1", encode: true, new TelemetryMessage(default)));

    [Fact]
    public void Component_creation_time_null_and_empty_values_have_their_forms()
    {
        var message = new TelemetryMessage(default) { ComponentName = "climate", CreationTime = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)) };
        message.Properties.Add(new("none", null));
        message.Properties.Add(new("empty", ""));
        message.Properties.Add(new("temp", "21 °C"));

        Assert.Equal("devices/d/messages/events/none&empty=&temp=21%20%c2%b0C&%24.ctime=2026-01-01T00%3a00%3a00.0000000Z&%24.sub=climate", Topic("d", encode: true, message));
    }

    [Theory]
    [InlineData("$iothub/twin/res/204/?$rid=7&$version=12", 204, 7)]
    [InlineData("$iothub/twin/res/200/?$rid=1", 200, 1)]
    [InlineData("$iothub/twin/res/429/?$version=1&$rid=9", 429, 9)]
    public void A_twin_answer_tells_status_and_request(string topic, int status, int requestId)
    {
        Assert.True(TwinTopic.TryParseResponse(Encoding.UTF8.GetBytes(topic), out int parsedStatus, out int parsedId));
        Assert.Equal((status, requestId), (parsedStatus, parsedId));
    }

    [Fact]
    public void A_push_tells_its_version()
    {
        Assert.True(TwinTopic.TryParseDesired("$iothub/twin/PATCH/properties/desired/?$version=3"u8, out long version));
        Assert.Equal(3, version);
    }

    [Theory]
    [InlineData("$iothub/methods/POST/reboot/?$rid=1a", "reboot", "1a")]
    [InlineData("$iothub/methods/POST/led*toggle/?$rid=x/?y", "led*toggle", "x/?y")]
    public void A_method_call_tells_name_and_request(string topic, string name, string requestId)
    {
        Assert.True(MethodTopic.TryParse(Encoding.UTF8.GetBytes(topic), out string parsedName, out string parsedId));
        Assert.Equal((name, requestId), (parsedName, parsedId));
        Assert.Equal($"$iothub/methods/res/200/?$rid={requestId}", MethodTopic.Response(200, requestId));
    }

    [Theory]
    [InlineData("$iothub/twin/res/204/?$rid=7&$version=12")]
    [InlineData("$iothub/twin/PATCH/properties/desired/?$version=3")]
    [InlineData("$iothub/methods/POST/reboot/?$rid=1a")]
    public void Truncated_and_mutated_topics_never_throw(string topic)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(topic);
        var random = new Random(5);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] mutated = bytes[..random.Next(bytes.Length + 1)];
            if (mutated.Length > 0)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            Exception? thrown = Record.Exception(() =>
                _ = TwinTopic.TryParseResponse(mutated, out _, out _) | TwinTopic.TryParseDesired(mutated, out _)
                    | MethodTopic.TryParse(mutated, out _, out _) | TwinVersion.TryReadDesired(mutated, out _));

            Assert.Null(thrown);
        }
    }

    [Theory]
    [InlineData("""{"desired":{"a":{"$version":9},"$version":4},"reported":{"$version":7}}""", 4)]
    [InlineData("""{"reported":{"desired":{"$version":1},"$version":7},"desired":{"$version":12}}""", 12)]
    [InlineData("""{"desired":{"a":1}}""", TwinVersion.Unknown)]
    public void The_desired_version_is_the_one_of_the_section(string twin, long expected)
    {
        Assert.True(TwinVersion.TryReadDesired(Encoding.UTF8.GetBytes(twin), out long version));
        Assert.Equal(expected, version);
    }

    [Theory]
    [InlineData("""{"errorCode":429001,"message":"throttled"}""")]
    [InlineData("""{"desired":{"$version":1}""")]
    [InlineData("""{"desired":[1]}""")]
    [InlineData("")]
    public void A_body_without_a_desired_section_is_no_twin(string body) =>
        Assert.False(TwinVersion.TryReadDesired(Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void A_long_topic_grows_out_of_its_first_buffer()
    {
        var message = new TelemetryMessage(default) { MessageId = new string('ü', 2_000) };

        Assert.Equal("devices/d/messages/events/%24.mid=" + string.Concat(Enumerable.Repeat("%c3%bc", 2_000)), Topic("d", encode: true, message));
    }

    private static string Topic(string deviceId, bool encode, TelemetryMessage message)
    {
        var topic = new Utf8Builder(stackalloc byte[64]);
        new TelemetryTopic(deviceId, encode).Build(message, TimeProvider.System, ref topic);
        string text = Encoding.UTF8.GetString(topic.Written);
        topic.Dispose();
        return text;
    }
}
