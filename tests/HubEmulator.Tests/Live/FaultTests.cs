using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;

namespace HubEmulator.Tests.Live;

/// <summary>Each fault as a device sees it.</summary>
public sealed class FaultTests
{
    private const string Events = "devices/dev-01/messages/events/";
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public async Task Refused_devices_get_the_code_until_the_time_is_over(int code)
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { ReturnCode = code, For = TimeSpan.FromSeconds(30), DeviceId = TestHub.DeviceId });

        await using RawConnection refused = await RawConnection.OpenAsync(hub);
        await refused.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken()));
        string answer = Convert.ToHexString(await refused.ReceiveToEndAsync());
        _clock.Advance(TimeSpan.FromSeconds(31));
        await using TestDevice after = await hub.ConnectAsync();

        Assert.Equal($"200200{code:X2}", answer);
        Assert.Equal(MqttClientConnectResultCode.Success, after.Connected.ResultCode);
        HubFaultStatus ended = Assert.Single(hub.Hub.Faults);
        Assert.Equal((fault.Id, HubFaultState.Ended, 1), (ended.Id, ended.State, ended.Strikes));
    }

    [Fact]
    public async Task A_drop_hits_the_named_device_once_and_is_over()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice dropped = await hub.ConnectAsync();
        await using RawConnection spared = await RawConnection.OpenAsync(hub);
        string key = hub.Hub.DeviceConnectionString("dev-02").Split("SharedAccessKey=")[1];
        await spared.SendAsync(Packets.Connect(hub.Hub.HostName, "dev-02", hub.DeviceToken("dev-02", key)));
        await spared.ReceiveAsync(4);

        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Drop) { DeviceId = TestHub.DeviceId });
        await dropped.WhenLost();
        await spared.SendAsync([0xC0, 0x00]);

        Assert.Equal((HubFaultState.Ended, 1), (fault.State, fault.Strikes));
        Assert.Equal("D000", Convert.ToHexString(await spared.ReceiveAsync(2)));
    }

    [Fact]
    public async Task A_repeated_drop_strikes_after_its_wait_and_then_in_its_rhythm()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using TestDevice first = await hub.ConnectAsync();

        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Drop) { After = TimeSpan.FromSeconds(10), Every = TimeSpan.FromSeconds(5), For = TimeSpan.FromSeconds(12) });
        _clock.Advance(TimeSpan.FromSeconds(10));
        await first.WhenLost();
        await using TestDevice second = await hub.ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        await second.WhenLost();
        _clock.Advance(TimeSpan.FromSeconds(8));
        await using TestDevice third = await hub.ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        await third.PublishAsync(Events);

        Assert.Equal(HubFaultState.Waiting, fault.State);
        Assert.Equal((HubFaultState.Ended, 2), (Assert.Single(hub.Hub.Faults).State, hub.Hub.Faults[0].Strikes));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_half_open_connection_carries_nothing_outlives_its_deadlines_and_ends_with_the_fault(bool onlyOpen)
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection device = await OpenAsync(hub);

        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.HalfOpen) { OnlyOpen = onlyOpen, For = TimeSpan.FromHours(2) });
        await device.SendAsync([0xC0, 0x00, .. Packets.Publish(1, Events, [1])]);
        _clock.Advance(TimeSpan.FromHours(1)); // beyond the keep-alive
        await using RawConnection later = await RawConnection.OpenAsync(hub);
        await later.SendAsync(Packets.Connect(hub.Hub.HostName, "dev-02", hub.DeviceToken("dev-02", hub.Hub.DeviceConnectionString("dev-02").Split("SharedAccessKey=")[1])));
        string answer = onlyOpen ? Convert.ToHexString(await later.ReceiveAsync(4)) : "";
        Assert.True(onlyOpen || await BecomesAsync(() => hub.Hub.Faults[0].Strikes == 2)); // the CONNECT has been swallowed
        Assert.True(hub.Hub.TryEndFault(fault.Id));

        Assert.Empty(await device.ReceiveToEndAsync());
        Assert.Equal(0, hub.Hub.Telemetry.Received);
        Assert.Equal(onlyOpen ? "20020000" : "", answer);
        Assert.False(hub.Hub.TryEndFault(fault.Id));
        if (!onlyOpen)
        {
            Assert.Empty(await later.ReceiveToEndAsync());
        }
    }

    [Fact]
    public async Task Delayed_packets_come_in_order_once_their_time_has_come()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection device = await OpenAsync(hub);
        hub.Hub.Play(new HubFault(HubFaultKind.Delay) { Lateness = TimeSpan.FromSeconds(2), Jitter = TimeSpan.FromSeconds(1), For = TimeSpan.FromSeconds(10) });

        await device.SendAsync([.. Packets.Publish(1, Events, []), 0xC0, 0x00, .. Packets.Publish(2, Events, [])]);
        Assert.True(await BecomesAsync(() => hub.Hub.Faults[0].Strikes == 3));
        Task<byte[]> answers = device.ReceiveAsync(10);
        _clock.Advance(TimeSpan.FromMilliseconds(1999));
        await (await OpenAsync(hub, "dev-02")).DisposeAsync(); // a whole connection's time, its CONNACK waits too
        Assert.False(answers.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1002));

        Assert.Equal("40020001D00040020002", Convert.ToHexString(await answers));
    }

    [Fact]
    public async Task A_late_acknowledgement_is_overtaken_by_other_packets()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection device = await OpenAsync(hub);
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.SlowAcknowledgement) { Lateness = TimeSpan.FromSeconds(20) });

        await device.SendAsync([.. Packets.Publish(1, Events, []), 0xC0, 0x00]);
        string first = Convert.ToHexString(await device.ReceiveAsync(2));
        hub.Hub.TryEndFault(fault.Id);
        await device.SendAsync([.. Packets.Publish(2, Events, []), 0xC0, 0x00]); // its acknowledgement queues up behind the late one
        string second = Convert.ToHexString(await device.ReceiveAsync(2));
        _clock.Advance(TimeSpan.FromSeconds(21));

        Assert.Equal(("D000", "D000"), (first, second));
        Assert.Equal("4002000140020002", Convert.ToHexString(await device.ReceiveAsync(8)));
    }

    [Fact]
    public async Task Messages_and_acknowledgements_come_twice_and_a_message_is_completed_once()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await OpenAsync(hub);
        await device.SendAsync(Packets.Subscribe(1, "devices/dev-01/messages/devicebound/#", 1));
        await device.ReceiveAsync(5);
        hub.Hub.Play(new HubFault(HubFaultKind.Duplicate));

        Assert.True(hub.Hub.TrySendMessage(TestHub.DeviceId, new C2dMessage { MessageId = "m1", Ack = C2dAck.Full }));
        ReceivedPublish once = await device.ReceivePublishAsync();
        ReceivedPublish twice = await device.ReceivePublishAsync();
        await device.SendAsync([.. Packets.Acknowledge(once.Identifier), .. Packets.Acknowledge(twice.Identifier), .. Packets.Publish(7, Events, [])]);

        Assert.Equal(once with { IsRepeated = true }, twice);
        Assert.False(once.IsRepeated);
        Assert.Equal("4002000740020007", Convert.ToHexString(await device.ReceiveAsync(8)));
        Assert.Single(hub.Hub.Feedback.Snapshot());
    }

    [Fact]
    public async Task Doubled_acknowledgements_leave_messages_single_and_the_window_whole()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await OpenAsync(hub);
        hub.Hub.Play(new HubFault(HubFaultKind.Duplicate) { Targets = HubFaultTargets.Acknowledgements });

        for (ushort number = 1; number <= 40; number++) // more than the window
        {
            await device.SendAsync(Packets.Publish(number, Events, []));
            Assert.Equal($"4002{number:X4}4002{number:X4}", Convert.ToHexString(await device.ReceiveAsync(8)));
        }

        Assert.Equal(40, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task Throttled_requests_are_answered_429_wherever_they_come_in()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options with { Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] });
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/res/#");
        await using Registrar registrar = await Registrar.ConnectAsync(hub);
        hub.Hub.Play(new HubFault(HubFaultKind.Throttle) { RetryAfterSeconds = 7 });

        await device.PublishAsync("$iothub/twin/GET/?$rid=1");
        (string topic, string body) = await device.NextAsync();
        (string registration, _) = await registrar.RegisterAsync();
        (HttpStatusCode status, JsonNode? error, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        (HttpStatusCode own, _, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/faults");

        Assert.Equal("$iothub/twin/res/429/?$rid=1", topic);
        Assert.Equal(429001, (int)JsonNode.Parse(body)!["errorCode"]!);
        Assert.Equal("429/?$rid=1&retry-after=7", registration);
        Assert.Equal((HttpStatusCode.TooManyRequests, 429001), (status, (int)JsonNode.Parse((string)error!["Message"]!)!["errorCode"]!));
        Assert.Equal(TimeSpan.FromSeconds(7), message.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, own);
    }

    [Fact]
    public async Task A_throttle_hits_its_target_and_its_device_only()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Hub.Play(new HubFault(HubFaultKind.Throttle) { Targets = HubFaultTargets.Twin });
        hub.Hub.Play(new HubFault(HubFaultKind.Throttle) { Targets = HubFaultTargets.Rest, DeviceId = "dev-02" });

        (HttpStatusCode first, _, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        (HttpStatusCode second, _, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-02");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first, second));
    }

    [Fact]
    public async Task A_lost_desired_change_is_applied_counted_and_never_told_and_the_next_one_comes_with_a_gap()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        hub.Hub.Play(new HubFault(HubFaultKind.LoseDesired) { DeviceId = TestHub.DeviceId, Count = 1 });
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"unheard":1}}}"""); // not subscribed: nothing to lose
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");
        await device.SubscribeAsync("$iothub/twin/res/#");

        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"lost":2}}}""");
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"heard":3}}}""");
        (string topic, string payload) = await device.NextAsync();
        await device.PublishAsync("$iothub/twin/GET/?$rid=1");
        (_, string whole) = await device.NextAsync();

        Assert.Equal(3, (int)twin!["properties"]!["desired"]!["$version"]!);
        Assert.Equal("$iothub/twin/PATCH/properties/desired/?$version=4", topic);
        Assert.Equal("""{"heard":3,"$version":4}""", payload);
        Assert.Equal("""{"unheard":1,"lost":2,"heard":3,"$version":4}""", JsonNode.Parse(whole)!["desired"]!.ToJsonString());
        Assert.Equal((HubFaultState.Ended, 1), (Assert.Single(hub.Hub.Faults).State, hub.Hub.Faults[0].Strikes));
    }

    [Fact]
    public async Task Tokens_that_expire_now_end_their_connections_and_only_a_fresh_one_opens_the_next()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string token = hub.DeviceToken();
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(token: token).Build());

        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.ExpireTokens));
        await device.WhenLost();
        MqttClientConnectResultCode again = await TestDevice.RefusalAsync(hub.Options(token: token).Build());
        await using TestDevice renewed = await TestDevice.ConnectAsync(hub.Options(token: hub.DeviceToken(lifetime: TimeSpan.FromHours(2))).Build());

        Assert.Equal(1, fault.Strikes);
        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, again);
        Assert.Equal(MqttClientConnectResultCode.Success, renewed.Connected.ResultCode);
    }

    [Fact]
    public async Task A_disabled_device_is_thrown_out_kept_out_and_enabled_again()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using TestDevice device = await hub.ConnectAsync();

        hub.Hub.Play(new HubFault(HubFaultKind.Disable) { DeviceId = TestHub.DeviceId, For = TimeSpan.FromSeconds(60) });
        await device.WhenLost();
        MqttClientConnectResultCode meanwhile = await TestDevice.RefusalAsync(hub.Options().Build());
        (_, JsonNode? disabled, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");
        _clock.Advance(TimeSpan.FromSeconds(61));
        (_, JsonNode? enabled, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");
        await using TestDevice after = await hub.ConnectAsync();

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, meanwhile);
        Assert.Equal(("disabled", "enabled"), ((string?)disabled!["status"], (string?)enabled!["status"]));
        Assert.Equal(MqttClientConnectResultCode.Success, after.Connected.ResultCode);
    }

    [Fact]
    public async Task A_hub_that_is_disposed_remembers_its_disabled_device_as_it_was_and_leaves_a_later_change_alone()
    {
        string folder = Directory.CreateTempSubdirectory("hub-test-").FullName;
        var options = new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice("a"), new LocalDevice("b")] };
        await using (TestHub hub = await TestHub.StartAsync(options))
        {
            hub.Hub.Play(new HubFault(HubFaultKind.Disable) { DeviceId = "a" });
            HubFaultStatus second = hub.Hub.Play(new HubFault(HubFaultKind.Disable) { DeviceId = "b" });
            await hub.CallAsync(HttpMethod.Put, "/devices/b", """{"deviceId":"b","status":"disabled","statusReason":"sold"}""", ifMatch: "*");
            hub.Hub.TryEndFault(second.Id);
        }

        await using TestHub restarted = await TestHub.StartAsync(options);
        (_, JsonNode? a, _) = await restarted.CallAsync(HttpMethod.Get, "/devices/a");
        (_, JsonNode? b, _) = await restarted.CallAsync(HttpMethod.Get, "/devices/b");

        Assert.Equal(("enabled", "disabled", "sold"), ((string?)a!["status"], (string?)b!["status"], (string?)b["statusReason"]));
        await restarted.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Corrupted_bytes_are_those_of_the_seed()
    {
        await using TestHub hub = await TestHub.StartAsync();

        string first = await CorruptedAsync(hub, seed: 1);
        string again = await CorruptedAsync(hub, seed: 1);
        string other = await CorruptedAsync(hub, seed: 2);

        Assert.NotEqual("D000", first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task A_device_whose_bytes_are_corrupted_on_their_way_to_the_hub_is_not_understood()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await OpenAsync(hub);
        hub.Hub.Play(new HubFault(HubFaultKind.Corrupt) { Rate = 1, Direction = HubFaultDirections.ToHub });

        await device.SendAsync(Packets.Publish(1, Events, [1, 2, 3]));

        Assert.Empty(await device.ReceiveToEndAsync());
        Assert.Equal(0, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task Somebody_else_with_the_identity_throws_the_device_out_again_and_again_and_gets_what_is_sent_to_it()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using TestDevice first = await hub.ConnectAsync();
        await first.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");
        hub.Hub.Play(new HubFault(HubFaultKind.TakeOver) { DeviceId = TestHub.DeviceId, Every = TimeSpan.FromSeconds(3), For = TimeSpan.FromSeconds(5) });

        await first.WhenLost();
        (_, JsonNode? twin, _) = await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"a":1}}}""");
        await using TestDevice second = await hub.ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(3));
        await second.WhenLost();
        await using TestDevice third = await hub.ConnectAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));
        await hub.CallAsync(HttpMethod.Patch, "/twins/dev-01", """{"properties":{"desired":{"a":2}}}""");

        Assert.Equal("Connected", (string?)twin!["connectionState"]);
        Assert.True(third.Connected.IsSessionPresent);
        Assert.Equal("""{"a":2,"$version":3}""", (await third.NextAsync()).Payload);
        Assert.Equal((HubFaultState.Ended, 2), (hub.Hub.Faults[0].State, hub.Hub.Faults[0].Strikes));
    }

    [Fact]
    public async Task When_nobody_comes_back_the_stranger_leaves_with_the_fault()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.TakeOver) { DeviceId = TestHub.DeviceId });

        (_, JsonNode? during, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");
        hub.Hub.TryEndFault(fault.Id);
        (_, JsonNode? after, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");

        Assert.Equal(("Connected", "Disconnected"), ((string?)during!["connectionState"], (string?)after!["connectionState"]));
    }

    private static async Task<string> CorruptedAsync(TestHub hub, int seed)
    {
        await using RawConnection device = await OpenAsync(hub);
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Corrupt) { Rate = 1, Seed = seed });
        await device.SendAsync([0xC0, 0x00]);
        string answer = Convert.ToHexString(await device.ReceiveAsync(2));
        hub.Hub.TryEndFault(fault.Id);
        return answer;
    }

    private static async Task<RawConnection> OpenAsync(TestHub hub, string deviceId = TestHub.DeviceId)
    {
        RawConnection device = await RawConnection.OpenAsync(hub);
        string key = hub.Hub.DeviceConnectionString(deviceId).Split("SharedAccessKey=")[1];
        await device.SendAsync(Packets.Connect(hub.Hub.HostName, deviceId, hub.DeviceToken(deviceId, key)));
        if (deviceId == TestHub.DeviceId)
        {
            Assert.Equal(0, (await device.ReceiveAsync(4))[3]); // accepted, with or without a stored session
        }

        return device;
    }

    private static async Task<bool> BecomesAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TestHub.Deadline);
        while (!condition() && !deadline.IsCancellationRequested)
        {
            await Task.Yield();
        }

        return condition();
    }
}
