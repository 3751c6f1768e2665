using MQTTnet;
using MQTTnet.Protocol;

namespace HubEmulator.Tests.Live;

public sealed class ConnectTests
{
    [Fact]
    public async Task A_device_with_its_key_connects_and_its_telemetry_is_acknowledged_and_kept()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        await device.PublishAsync("devices/dev-01/messages/events/%24.mid=m1&%24.ct=application%2Fjson&%24.ce=utf-8&a%26b=50%25%3Dhalf&empty=", """{"t":1}""");

        ReceivedTelemetry message = Assert.Single(hub.Hub.Telemetry.Snapshot());
        Assert.Equal(1, message.SequenceNumber);
        Assert.Equal("dev-01", message.DeviceId);
        Assert.Equal("m1", message.MessageId);
        Assert.Equal("application/json", message.SystemProperties["$.ct"]);
        Assert.Equal("50%=half", message.ApplicationProperties["a&b"]);
        Assert.Equal("", message.ApplicationProperties["empty"]);
        Assert.Equal("""{"t":1}"""u8, message.Body.Span);
        Assert.Equal("""{"scope":"device","type":"sas","issuer":"iothub"}""", message.Annotations["iothub-connection-auth-method"]);
        Assert.False(device.Connected.IsSessionPresent);
    }

    [Theory]
    [InlineData("wrong key")]
    [InlineData("unknown device")]
    [InlineData("expired token")]
    [InlineData("other client id")]
    [InlineData("other hub")]
    [InlineData("token of another device")]
    [InlineData("api-version of no date")]
    public async Task What_does_not_fit_is_refused_with_return_code_5(string fault)
    {
        await using TestHub hub = await TestHub.StartAsync();
        MqttClientOptionsBuilder options = fault switch
        {
            "wrong key" => hub.Options(key: hub.ServiceKey),
            "unknown device" => hub.Options("dev-99"),
            "expired token" => hub.Options(token: hub.DeviceToken(lifetime: TimeSpan.FromSeconds(-302))),
            "other client id" => hub.Options().WithClientId("dev-02"),
            "other hub" => hub.Options(userName: "myhub.azure-devices.net/dev-01/?api-version=2021-04-12"),
            "token of another device" => hub.Options(token: hub.DeviceToken("dev-0")),
            _ => hub.Options(userName: "hub.localhost/dev-01/?api-version=tomorrow"),
        };

        MqttClientConnectResultCode refusal = await TestDevice.RefusalAsync(options.Build());

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, refusal);
    }

    [Theory] // after a reset the Node.js SDK does not come back by itself
    [InlineData("taken over")]
    [InlineData("disabled")]
    [InlineData("hub stopped")]
    public async Task A_connection_that_the_hub_ends_ends_in_good_order_and_is_not_reset(string cause)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await RawConnection.OpenAsync(hub);
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken()));
        Assert.Equal([0x20, 0x02, 0x00, 0x00], await device.ReceiveAsync(4));

        await (cause switch
        {
            "taken over" => hub.ConnectAsync(),
            "disabled" => hub.CallAsync(HttpMethod.Put, "/devices/dev-01", """{"deviceId":"dev-01","status":"disabled"}""", ifMatch: "*"),
            _ => hub.Hub.StopListeningAsync(),
        });

        Assert.Empty(await device.ReceiveToEndOfStreamAsync());
    }

    [Fact]
    public async Task A_token_that_has_just_expired_is_still_taken()
    {
        await using TestHub hub = await TestHub.StartAsync();

        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(token: hub.DeviceToken(lifetime: TimeSpan.FromSeconds(-200))).Build());

        Assert.Equal(MqttClientConnectResultCode.Success, device.Connected.ResultCode);
    }

    [Fact]
    public async Task A_stored_session_keeps_its_subscriptions_without_a_new_subscribe()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (TestDevice first = await hub.ConnectAsync())
        {
            await first.SubscribeAsync("$iothub/twin/res/#");
            await first.DisconnectAsync();
        }

        await using TestDevice second = await hub.ConnectAsync();
        await second.PublishAsync("$iothub/twin/GET/?$rid=7", " ");

        Assert.True(second.Connected.IsSessionPresent);
        Assert.Equal(("$iothub/twin/res/200/?$rid=7", """{"desired":{"$version":1},"reported":{"$version":1}}"""), await second.NextAsync());
    }

    [Fact]
    public async Task A_clean_session_forgets_stored_subscriptions()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (TestDevice first = await hub.ConnectAsync())
        {
            await first.SubscribeAsync("$iothub/twin/res/#");
            await first.DisconnectAsync();
        }

        await using (TestDevice second = await hub.ConnectAsync(clean: true))
        {
            Assert.False(second.Connected.IsSessionPresent);
        }

        await using TestDevice third = await hub.ConnectAsync();
        await third.PublishAsync("$iothub/twin/GET/?$rid=7");
        await third.PublishAsync("devices/dev-01/messages/events/"); // its acknowledgement comes after an answer would have come

        Assert.False(third.Connected.IsSessionPresent);
        Assert.False(third.HasArrived);
    }

    [Fact]
    public async Task A_second_connection_of_a_device_closes_the_first_and_publishes_its_will()
    {
        await using TestHub hub = await TestHub.StartAsync();
        MqttClientOptionsBuilder options = hub.Options().WithWillTopic("devices/dev-01/messages/events/last=words").WithWillPayload("gone");
        await using TestDevice first = await TestDevice.ConnectAsync(options.Build());

        await using TestDevice second = await hub.ConnectAsync();
        await first.WhenLost();
        ReceivedTelemetry will = await hub.Hub.Telemetry.WaitForAsync(_ => true, TestContext.Current.CancellationToken).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        await second.PublishAsync("devices/dev-01/messages/events/");

        Assert.Equal("Will", will.ApplicationProperties["iothub-MessageType"]);
        Assert.Equal("words", will.ApplicationProperties["last"]);
        Assert.Equal("gone"u8, will.Body.Span);
        Assert.Equal(2, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task Saying_goodbye_discards_the_will()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (RawConnection first = await RawConnection.OpenAsync(hub))
        {
            await first.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(), willTopic: "devices/dev-01/messages/events/"));
            Assert.Equal(0, (await first.ReceivePacketAsync()).Body[1]);
            await first.SendAsync([0xE0, 0]);
            await first.ReceiveToEndAsync(); // The hub has read the DISCONNECT: it hangs up.
        }

        await using TestDevice second = await hub.ConnectAsync();
        await second.PublishAsync("devices/dev-01/messages/events/%24.mid=after");

        Assert.Equal(["after"], hub.Hub.Telemetry.Snapshot().Select(message => message.MessageId));
    }

    [Theory]
    [InlineData("devices/dev-02/messages/events/")]
    [InlineData("devices/dev-01/messages/eventsx")]
    [InlineData("$iothub/twin/GET/")]
    [InlineData("anything")]
    [InlineData("devices/dev-01/messages/events/a=%zz")]
    public async Task A_topic_that_is_not_served_ends_the_connection_without_an_acknowledgement(string topic)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        Task publish = device.PublishAsync(topic);

        await device.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => publish);
        Assert.Equal(0, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task A_message_over_256_kilobytes_ends_the_connection_and_one_just_below_does_not()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        await device.PublishAsync("devices/dev-01/messages/events/ab=cd", new string('x', 262_144 - 4));
        Task publish = device.PublishAsync("devices/dev-01/messages/events/ab=cd", new string('x', 262_144 - 3));

        await device.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => publish);
        Assert.Equal(1, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task Quality_2_is_granted_as_1_to_a_subscriber_and_ends_a_publisher()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        MqttClientSubscribeResultCode granted = await device.SubscribeAsync("$iothub/methods/POST/#", MqttQualityOfServiceLevel.ExactlyOnce);
        Task publish = device.PublishAsync("devices/dev-01/messages/events/", quality: MqttQualityOfServiceLevel.ExactlyOnce);

        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, granted);
        await device.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => publish);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("devices/dev-02/messages/devicebound/#")]
    [InlineData("devices/dev-01/messages/events/#")]
    [InlineData("$iothub/twin/res/+")]
    public async Task A_filter_that_is_not_served_ends_the_connection(string filter)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        Task subscribe = device.SubscribeAsync(filter);

        await device.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => subscribe);
    }

    [Fact]
    public async Task Retain_becomes_a_property_and_unsubscribing_from_nothing_is_answered()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        await device.UnsubscribeAsync("never/subscribed");
        await device.PublishAsync("devices/dev-01/messages/events", retain: true);

        Assert.Equal("true", Assert.Single(hub.Hub.Telemetry.Snapshot()).ApplicationProperties["mqtt-retain"]);
    }

    [Fact]
    public async Task The_model_and_the_component_are_on_the_message()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string userName = "hub.localhost/dev-01/?api-version=2021-04-12&model-id=dtmi:com:example:Thermostat;1&DeviceClientType=test";
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(userName: userName).Build());

        await device.PublishAsync("devices/dev-01/messages/events/%24.sub=climate");

        ReceivedTelemetry message = Assert.Single(hub.Hub.Telemetry.Snapshot());
        Assert.Equal("dtmi:com:example:Thermostat;1", message.Annotations["dt-dataschema"]);
        Assert.Equal("climate", message.Annotations["dt-subject"]);
    }
}
