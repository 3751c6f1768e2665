using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Protocol;

namespace HubEmulator.Tests.Live;

/// <summary>Cloud-to-device messages: what is delivered when, what comes again, what ends how.</summary>
public sealed class C2dTests
{
    private const string Filter = "devices/dev-01/messages/devicebound/#";
    private const string Path = "/hilrig/devices/dev-01/messages";

    [Fact]
    public async Task A_message_sent_over_the_rig_s_call_arrives_with_its_properties_and_is_completed()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync(Filter, MqttQualityOfServiceLevel.AtLeastOnce);

        (HttpStatusCode status, _, _) = await hub.CallAsync(
            HttpMethod.Post, Path, """{"body":"aGVsbG8=","messageId":"m1","correlationId":"c1","ack":"full","expiryTimeUtc":"2100-01-01T00:00:00Z","properties":{"b":"2 3","a":null}}""");
        (string topic, string payload) = await device.NextAsync();
        C2dFeedback feedback = await hub.Hub.Feedback.WaitForAsync(one => one.OriginalMessageId == "m1", TestContext.Current.CancellationToken);
        (_, JsonNode? identity, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("hello", payload);
        Assert.Equal(
            "devices/dev-01/messages/devicebound/%24.mid=m1&%24.cid=c1&%24.to=%2Fdevices%2Fdev-01%2Fmessages%2Fdevicebound&%24.exp=2100-01-01T00%3A00%3A00.0000000Z&iothub-ack=full&b=2%203&a",
            topic);
        Assert.Equal(C2dEnding.Success, feedback.Ending);
        Assert.Equal((string)identity!["generationId"]!, feedback.DeviceGenerationId);
        Assert.Equal(0, (int)identity["cloudToDeviceMessageCount"]!);
    }

    [Fact]
    public async Task A_delivery_has_the_lower_quality_and_is_neither_retained_nor_a_repeat()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await ConnectAsync(hub);
        await SubscribeAsync(device, quality: 2);

        Send(hub, "one");
        ReceivedPublish first = await device.ReceivePublishAsync();
        await device.SendAsync(Packets.Acknowledge(first.Identifier));
        await SubscribeAsync(device, quality: 0);
        Send(hub, "two", C2dAck.Positive);
        ReceivedPublish second = await device.ReceivePublishAsync();

        Assert.Equal((false, 1, false, "one"), (first.IsRepeated, first.Quality, first.IsRetained, first.Payload));
        Assert.NotEqual(0, first.Identifier);
        Assert.Equal((false, 0, false, "two"), (second.IsRepeated, second.Quality, second.IsRetained, second.Payload));
        Assert.Equal("two", Assert.Single(hub.Hub.Feedback.Snapshot()).OriginalMessageId); // completed as it went out
    }

    [Fact]
    public async Task What_is_not_acknowledged_comes_again_at_the_next_connection_before_it_subscribes()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (RawConnection first = await ConnectAsync(hub))
        {
            await SubscribeAsync(first);
            Send(hub, "one");
            Send(hub, "two");
            ReceivedPublish one = await first.ReceivePublishAsync();
            await first.ReceivePublishAsync();
            await first.SendAsync(Packets.Acknowledge(one.Identifier));
            await PingAsync(first);
        }

        await UntilDisconnectedAsync(hub); // or the third may still go to the first connection
        Send(hub, "three");
        await using RawConnection second = await ConnectAsync(hub, sessionPresent: 1);
        ReceivedPublish two = await second.ReceivePublishAsync();
        ReceivedPublish three = await second.ReceivePublishAsync();

        Assert.Equal(("two", true), (two.Payload, two.IsRepeated));
        Assert.Equal(("three", false), (three.Payload, three.IsRepeated));
    }

    [Fact]
    public async Task A_lock_that_runs_out_brings_the_message_again_and_its_late_acknowledgement_counts_for_nothing()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using RawConnection device = await ConnectAsync(hub);
        await SubscribeAsync(device);
        Send(hub, "one");
        ReceivedPublish first = await device.ReceivePublishAsync();

        clock.Advance(TimeSpan.FromSeconds(61));
        ReceivedPublish again = await device.ReceivePublishAsync();
        await device.SendAsync(Packets.Acknowledge(first.Identifier));
        await PingAsync(device);
        int afterLate = await CountAsync(hub);
        await device.SendAsync(Packets.Acknowledge(again.Identifier));
        await PingAsync(device);

        Assert.Equal(("one", true), (again.Payload, again.IsRepeated));
        Assert.NotEqual(first.Identifier, again.Identifier);
        Assert.Equal(1, afterLate);
        Assert.Equal(0, await CountAsync(hub));
    }

    [Fact]
    public async Task Sixteen_messages_are_in_flight_and_each_acknowledgement_lets_another_out()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await ConnectAsync(hub);
        await SubscribeAsync(device);
        for (int index = 0; index < 20; index++)
        {
            Send(hub, $"{index}");
        }

        var arrived = new List<ReceivedPublish>();
        for (int index = 0; index < 16; index++)
        {
            arrived.Add(await device.ReceivePublishAsync());
        }

        await PingAsync(device); // its answer comes next, so nothing else was sent
        await device.SendAsync(Packets.Acknowledge(arrived[0].Identifier));
        arrived.Add(await device.ReceivePublishAsync());
        await PingAsync(device);

        Assert.Equal(Enumerable.Range(0, 17).Select(index => $"{index}"), arrived.Select(one => one.Payload));
    }

    [Fact]
    public async Task A_device_may_leave_a_message_alone_and_acknowledge_a_later_one()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using RawConnection device = await ConnectAsync(hub);
        await SubscribeAsync(device);
        Send(hub, "one");
        Send(hub, "two");
        ReceivedPublish first = await device.ReceivePublishAsync();
        ReceivedPublish second = await device.ReceivePublishAsync();

        await device.SendAsync(Packets.Acknowledge(second.Identifier));
        await PingAsync(device); // it is still connected, and nothing was sent again
        int kept = await CountAsync(hub);
        clock.Advance(TimeSpan.FromSeconds(61));
        ReceivedPublish again = await device.ReceivePublishAsync();
        await device.SendAsync(Packets.Acknowledge(again.Identifier));
        await PingAsync(device);

        Assert.Equal(("one", "two", "one"), (first.Payload, second.Payload, again.Payload));
        Assert.True(again.IsRepeated);
        Assert.Equal((1, 0), (kept, await CountAsync(hub)));
    }

    [Fact]
    public async Task What_was_sent_before_the_first_subscription_is_rejected()
    {
        await using TestHub hub = await TestHub.StartAsync();
        Send(hub, "early", C2dAck.Full);
        await using RawConnection device = await ConnectAsync(hub);
        int waiting = await CountAsync(hub);

        await SubscribeAsync(device);
        Send(hub, "late");
        ReceivedPublish late = await device.ReceivePublishAsync();

        Assert.Equal(1, waiting);
        Assert.Equal("late", late.Payload);
        Assert.Equal(("early", C2dEnding.Rejected), (hub.Hub.Feedback.Snapshot().Single().OriginalMessageId, hub.Hub.Feedback.Snapshot().Single().Ending));
    }

    [Fact]
    public async Task A_hub_may_deliver_what_was_sent_earlier()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { DeliverOlderMessages = true, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] });
        Send(hub, "early");
        await using RawConnection device = await ConnectAsync(hub);

        await SubscribeAsync(device);

        Assert.Equal("early", (await device.ReceivePublishAsync()).Payload);
    }

    [Fact]
    public async Task A_repeated_subscription_rejects_nothing_and_a_new_one_leaves_what_is_in_flight()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using RawConnection device = await ConnectAsync(hub);
        await SubscribeAsync(device);
        Send(hub, "one", C2dAck.Full);
        ReceivedPublish one = await device.ReceivePublishAsync();

        await SubscribeAsync(device);
        await device.SendAsync(Packets.Unsubscribe(7, Filter));
        await device.ReceivePacketAsync();
        Send(hub, "two", C2dAck.Full);
        await SubscribeAsync(device);
        await device.SendAsync(Packets.Acknowledge(one.Identifier));
        await PingAsync(device);

        Assert.Equal([("two", C2dEnding.Rejected), ("one", C2dEnding.Success)], hub.Hub.Feedback.Snapshot().Select(record => (record.OriginalMessageId!, record.Ending)));
    }

    [Fact]
    public async Task A_clean_session_loses_what_was_sent_while_it_was_away()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using (RawConnection first = await ConnectAsync(hub))
        {
            await SubscribeAsync(first);
        }

        await UntilDisconnectedAsync(hub);
        Send(hub, "away", C2dAck.Negative);
        await using RawConnection second = await ConnectAsync(hub, clean: true);
        await SubscribeAsync(second); // its answer comes next, so nothing was delivered before

        Assert.Equal(C2dEnding.Rejected, Assert.Single(hub.Hub.Feedback.Snapshot()).Ending);
    }

    [Fact]
    public async Task A_message_ends_with_its_time_or_after_an_hour_also_when_the_device_never_comes()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        hub.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = "short", Ack = C2dAck.Full, ExpiryTime = clock.GetUtcNow() + TimeSpan.FromMinutes(1) });
        hub.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = "long", Ack = C2dAck.Full, ExpiryTime = clock.GetUtcNow() + TimeSpan.FromDays(1) });
        hub.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = "silent", Ack = C2dAck.Positive });

        clock.Advance(TimeSpan.FromSeconds(59));
        string?[] early = [.. hub.Hub.Feedback.Snapshot().Select(record => record.OriginalMessageId)];
        clock.Advance(TimeSpan.FromSeconds(1));
        string?[] minute = [.. hub.Hub.Feedback.Snapshot().Select(record => record.OriginalMessageId)];
        clock.Advance(TimeSpan.FromMinutes(59));
        C2dFeedback[] hour = [.. hub.Hub.Feedback.Snapshot()];

        Assert.Empty(early);
        Assert.Equal(["short"], minute);
        Assert.Equal(["short", "long"], hour.Select(record => record.OriginalMessageId));
        Assert.All(hour, record => Assert.Equal(C2dEnding.Expired, record.Ending));
        Assert.Equal(0, await CountAsync(hub));
    }

    [Fact]
    public async Task A_queue_holds_fifty_messages_and_can_be_emptied()
    {
        await using TestHub hub = await TestHub.StartAsync();
        for (int index = 0; index < 50; index++)
        {
            Assert.True(hub.Hub.TrySendMessage("dev-01", new C2dMessage { Ack = C2dAck.Negative }));
        }

        (HttpStatusCode full, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, Path, "{}");
        (HttpStatusCode purged, JsonNode? answer, _) = await hub.CallAsync(HttpMethod.Delete, "/devices/dev-01/commands");
        (HttpStatusCode sent, JsonNode? count, _) = await hub.CallAsync(HttpMethod.Post, Path, "{}");

        Assert.Equal(HttpStatusCode.Forbidden, full);
        Assert.Equal(403004, UploadHub.CodeOf(error));
        Assert.Equal(HttpStatusCode.OK, purged);
        Assert.Equal("""{"deviceId":"dev-01","moduleId":null,"totalMessagesPurged":50}""", answer!.ToJsonString());
        Assert.Equal(HttpStatusCode.Accepted, sent);
        Assert.Equal(1, (int)count!["cloudToDeviceMessageCount"]!);
        Assert.Equal(50, hub.Hub.Feedback.Snapshot().Count(record => record.Ending == C2dEnding.Purged));
    }

    [Theory]
    [InlineData("/hilrig/devices/nobody/messages", "{}", 404, 404001)]
    [InlineData(Path, """{"body":"*"}""", 400, 400004)]
    [InlineData(Path, """{"ack":"maybe"}""", 400, 400004)]
    [InlineData(Path, """{"expiryTimeUtc":"soon"}""", 400, 400004)]
    [InlineData(Path, """{"messageId":""}""", 400, 400004)]
    [InlineData(Path, """{"messageId":"a b"}""", 400, 400004)]
    [InlineData(Path, """{"properties":{"a":1}}""", 400, 400004)]
    [InlineData(Path, """{"properties":[]}""", 400, 400004)]
    [InlineData(Path, """{"properties":{"":"x"}}""", 400, 400004)]
    public async Task A_message_that_cannot_be_is_refused(string path, string body, int status, int code)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode answered, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, path, body);

        Assert.Equal(status, (int)answered);
        Assert.Equal(code, UploadHub.CodeOf(error));
    }

    [Fact]
    public async Task A_message_has_64_KiB_with_its_properties_and_a_topic_that_fits()
    {
        await using TestHub hub = await TestHub.StartAsync();
        static string Body(int bytes, string property) => new JsonObject
        {
            ["body"] = Convert.ToBase64String(new byte[bytes]),
            ["properties"] = new JsonObject { ["p"] = property },
        }.ToJsonString();

        (HttpStatusCode largest, _, _) = await hub.CallAsync(HttpMethod.Post, Path, Body(65_536 - 2, "x"));
        (HttpStatusCode larger, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, Path, Body(65_536 - 1, "x"));
        (HttpStatusCode longTopic, _, _) = await hub.CallAsync(HttpMethod.Post, Path, Body(0, new string('/', 22_000)));

        Assert.Equal(HttpStatusCode.Accepted, largest);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, larger);
        Assert.Equal(413001, UploadHub.CodeOf(error));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, longTopic);
    }

    [Fact]
    public async Task A_message_waits_through_an_outage_and_a_restart_of_the_hub()
    {
        string folder = Directory.CreateTempSubdirectory("hub-tests-").FullName;
        try
        {
            var options = new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] };
            await using (TestHub before = await TestHub.StartAsync(options))
            {
                await using (RawConnection device = await ConnectAsync(before))
                {
                    await SubscribeAsync(device);
                }

                await before.Hub.StopListeningAsync();
                before.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = "m1", Body = "hello"u8.ToArray(), Properties = [new("z", null), new("a", "1")] });
                await before.Hub.ResumeListeningAsync();
            }

            await using TestHub after = await TestHub.StartAsync(options);
            await using RawConnection again = await ConnectAsync(after, sessionPresent: 1);
            ReceivedPublish message = await again.ReceivePublishAsync();

            Assert.Equal("devices/dev-01/messages/devicebound/%24.mid=m1&%24.to=%2Fdevices%2Fdev-01%2Fmessages%2Fdevicebound&z&a=1", message.Topic);
            Assert.Equal(("hello", false), (message.Payload, message.IsRepeated));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_hub_object_tells_mistakes_at_once()
    {
        await using TestHub hub = await TestHub.StartAsync();

        Assert.Throws<ArgumentException>(() => hub.Hub.TrySendMessage("nobody", new C2dMessage()));
        Assert.Throws<ArgumentException>(() => hub.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = "a b" }));
        Assert.Throws<ArgumentException>(() => hub.Hub.TrySendMessage("dev-01", new C2dMessage { Ack = (C2dAck)9 }));
        Assert.Throws<ArgumentException>(() => hub.Hub.TrySendMessage("dev-01", new C2dMessage { Body = new byte[65_537] }));
    }

    private static void Send(TestHub hub, string text, C2dAck? ack = null) =>
        Assert.True(hub.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = text, Ack = ack, Body = Encoding.UTF8.GetBytes(text) }));

    private static async Task<RawConnection> ConnectAsync(TestHub hub, byte sessionPresent = 0, bool clean = false)
    {
        RawConnection connection = await RawConnection.OpenAsync(hub);
        await connection.SendAsync(Packets.Connect(hub.Hub.HostName, "dev-01", hub.DeviceToken(), clean: clean));
        Assert.Equal([0x20, 0x02, sessionPresent, 0x00], await connection.ReceiveAsync(4));
        return connection;
    }

    private static async Task SubscribeAsync(RawConnection device, byte quality = 1)
    {
        await device.SendAsync(Packets.Subscribe(5, Filter, quality));
        Assert.Equal([0x90, 0x03, 0x00, 0x05, Math.Min(quality, (byte)1)], await device.ReceiveAsync(5));
    }

    /// <summary>After its answer the hub has handled everything sent before, and has nothing else to say.</summary>
    private static async Task PingAsync(RawConnection device)
    {
        await device.SendAsync([0xC0, 0x00]);
        Assert.Equal([0xD0, 0x00], await device.ReceiveAsync(2));
    }

    private static async Task<int> CountAsync(TestHub hub) => (int)(await hub.CallAsync(HttpMethod.Get, "/twins/dev-01")).Body!["cloudToDeviceMessageCount"]!;

    private static async Task UntilDisconnectedAsync(TestHub hub)
    {
        long start = TimeProvider.System.GetTimestamp();
        while ((string?)(await hub.CallAsync(HttpMethod.Get, "/twins/dev-01")).Body?["connectionState"] != "Disconnected")
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TestHub.Deadline, "the hub never saw the end of the connection");
        }
    }
}
