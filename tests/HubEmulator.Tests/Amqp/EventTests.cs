using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.Tests.Live;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Amqp;

/// <summary>Telemetry as readers of Event Hubs get it. The device dev-01 is in partition 0.</summary>
public sealed class EventTests
{
    private const string Path = "hub/ConsumerGroups/$Default/Partitions/0";
    private const string Topic = "devices/dev-01/messages/events/";

    [Fact]
    public async Task An_event_has_the_annotations_and_properties_of_the_service()
    {
        var clock = WholeSecondClock();
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestDevice device = await hub.ConnectAsync();
        await device.PublishAsync(
            $"{Topic}%24.mid=m1&%24.cid=c1&%24.uid=u1&%24.ct=application%2Fjson&%24.ce=utf-8&%24.sub=thermostat&%24.ctime=2026-01-01T00%3A00%3A00Z&%24.exp=2040-01-02T00%3A00%3A00.0000000Z&%24.ifid=i&a=b&empty=&none",
            """{"t":1}""");
        await using TestService service = await TestService.ConnectAsync(hub);

        using Message message = await service.OpenReader(Path).ReceiveAsync(TestHub.Deadline);

        Assert.Equal("""{"t":1}""", Encoding.UTF8.GetString(((Data)message.BodySection).Binary));
        Assert.Equal(("m1", "c1", "application/json", "utf-8"), (message.Properties.MessageId, message.Properties.CorrelationId, message.Properties.ContentType.ToString(), message.Properties.ContentEncoding.ToString()));
        Assert.Equal("u1"u8.ToArray(), message.Properties.UserId);
        Assert.Equal(new DateTime(2040, 1, 2, 0, 0, 0, DateTimeKind.Utc), message.Properties.AbsoluteExpiryTime);
        Map application = message.ApplicationProperties.Map;
        Assert.Equal(["a", "empty", "iothub-creation-time-utc", "none"], application.Keys.Cast<string>().Order());
        Assert.Equal(("b", "", null, "2026-01-01T00:00:00Z"), (application["a"], application["empty"], application["none"], application["iothub-creation-time-utc"]));
        MessageAnnotations annotations = message.MessageAnnotations;
        Assert.Equal(0L, annotations[new Symbol("x-opt-sequence-number")]);
        Assert.Equal("0", annotations[new Symbol("x-opt-offset")]);
        Assert.Equal("dev-01", annotations[new Symbol("x-opt-partition-key")]);
        Assert.Equal(clock.GetUtcNow().UtcDateTime, annotations[new Symbol("x-opt-enqueued-time")]);
        Assert.Equal(clock.GetUtcNow().UtcDateTime, annotations[new Symbol("iothub-enqueuedtime")]);
        Assert.Equal("dev-01", annotations[new Symbol("iothub-connection-device-id")]);
        Assert.Equal("""{"scope":"device","type":"sas","issuer":"iothub"}""", annotations[new Symbol("iothub-connection-auth-method")]);
        Assert.Equal("Telemetry", annotations[new Symbol("iothub-message-source")]);
        Assert.Equal("thermostat", annotations[new Symbol("dt-subject")]);
        Assert.Equal("i", annotations[new Symbol("iothub-interface-id")]);
        Assert.IsType<string>(annotations[new Symbol("iothub-connection-auth-generation-id")]);
    }

    [Theory]
    [InlineData(null, "01234")]
    [InlineData("amqp.annotation.x-opt-offset > '-1'", "01234")]
    [InlineData("amqp.annotation.x-opt-offset > '65'", "234")]
    [InlineData("amqp.annotation.x-opt-sequence-number >= '3'", "34")]
    [InlineData("amqp.annotation.x-opt-offset > '@latest'", "4")]
    public async Task A_reader_begins_where_its_filter_says_and_gets_what_comes_later(string? filter, string expected)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        for (int index = 0; index < 4; index++)
        {
            await device.PublishAsync(Topic, index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink reader = service.OpenReader(Path, filter);
        await service.PutTokenAsync(hub.ServiceToken()); // its answer tells that the reader is attached
        await device.PublishAsync(Topic, "4");

        Assert.Equal(expected, await ReadAsync(reader, expected.Length));
    }

    [Fact]
    public async Task The_management_node_tells_about_the_entity_and_its_partitions()
    {
        var clock = WholeSecondClock();
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestDevice device = await hub.ConnectAsync();
        await device.PublishAsync(Topic, "0");
        await device.PublishAsync(Topic, "1");
        await using TestService service = await TestService.ConnectAsync(hub);

        var entity = (Map)(await ReadAsync(service, "com.microsoft:eventhub")).Body;
        var full = (Map)(await ReadAsync(service, "com.microsoft:partition", "0")).Body;
        var empty = (Map)(await ReadAsync(service, "com.microsoft:partition", "3")).Body;

        Assert.Equal(("hub", 4), (entity["name"], entity["partition_count"]));
        Assert.Equal(["0", "1", "2", "3"], (string[])entity["partition_ids"]);
        Assert.Equal(clock.GetUtcNow().UtcDateTime, entity["created_at"]);
        Assert.Equal(("0", 0L, 1L, "65", false), (full["partition"], full["begin_sequence_number"], full["last_enqueued_sequence_number"], full["last_enqueued_offset"], full["is_partition_empty"]));
        Assert.Equal(clock.GetUtcNow().UtcDateTime, full["last_enqueued_time_utc"]);
        Assert.Equal((0L, -1L, "-1", true), (empty["begin_sequence_number"], empty["last_enqueued_sequence_number"], empty["last_enqueued_offset"], empty["is_partition_empty"]));
        Assert.Equal(400, StatusOf(await ReadAsync(service, "com.microsoft:partition", "4")));
        Assert.Equal(400, StatusOf(await ReadAsync(service, "com.microsoft:other")));
        Assert.Equal(404, StatusOf(await ReadAsync(service, "com.microsoft:eventhub", name: "other")));
        Assert.Equal(400, StatusOf(await ReadAsync(service, "com.microsoft:eventhub", operation: "DELETE")));
    }

    [Fact]
    public async Task Readers_without_a_level_share_and_one_with_a_level_puts_them_out()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink[] five = [.. Enumerable.Range(0, 5).Select(_ => service.OpenReader(Path))];
        Task<Error?>[] ends = [.. five.Select(TestService.EndOfAsync)];

        Assert.Equal(ErrorCode.ResourceLimitExceeded, (await TestService.EndOfAsync(service.OpenReader(Path)))?.Condition);
        ReceiverLink owner = service.OpenReader(Path.ToLowerInvariant(), level: 2);
        Error?[] putOut = await Task.WhenAll(ends);
        Error? lower = await TestService.EndOfAsync(service.OpenReader(Path, level: 1));
        Error? without = await TestService.EndOfAsync(service.OpenReader(Path));
        Task<Error?> ownerEnds = TestService.EndOfAsync(owner);
        service.OpenReader(Path, level: 2);

        Assert.All(putOut.Append(lower).Append(without).Append(await ownerEnds), end => Assert.Equal(ErrorCode.Stolen, end?.Condition.ToString()));
    }

    [Fact]
    public async Task A_group_that_was_not_made_a_partition_that_is_not_and_a_filter_that_is_none_are_refused()
    {
        await using TestHub hub = await TestHub.StartAsync(new LocalHubOptions { ConsumerGroups = ["mine"], Partitions = 2 });
        await using TestService service = await TestService.ConnectAsync(hub);

        Assert.Equal(ErrorCode.NotFound, await ConditionAsync("hub/ConsumerGroups/yours/Partitions/0"));
        Assert.Equal("com.microsoft:argument-out-of-range", await ConditionAsync("hub/ConsumerGroups/mine/Partitions/2"));
        Assert.Equal("com.microsoft:argument-error", await ConditionAsync("hub/ConsumerGroups/mine/Partitions/1", "1 = 1"));

        async Task<string?> ConditionAsync(string path, string? filter = null) => (await TestService.EndOfAsync(service.OpenReader(path, filter)))?.Condition.ToString();
    }

    [Theory]
    [InlineData("/messages/events", "")]
    [InlineData("/messages/events/$management", "/$management")]
    [InlineData("/messages/events/ConsumerGroups/$Default/Partitions/0", "/ConsumerGroups/$Default/Partitions/0")]
    public async Task Readers_of_the_hub_s_own_address_are_sent_on(string address, string rest)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);

        Error? redirect = await TestService.EndOfAsync(service.OpenReader(address));

        Assert.Equal(ErrorCode.LinkRedirect, redirect?.Condition);
        Assert.Equal($"amqps://localhost:{hub.Hub.AmqpPort}/hub{rest}", redirect!.Info[new Symbol("address")]);
        Assert.Equal((uint)hub.Hub.AmqpPort, redirect.Info[new Symbol("port")]);
    }

    [Fact]
    public async Task Credit_is_kept_over_thousands_of_events_of_any_size()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        string large = new('x', 200_000);
        for (int index = 0; index < 20; index++)
        {
            await device.PublishAsync(Topic, large); // more than the hub lets wait for a connection, each in several frames
        }

        for (int index = 0; index < 1_000; index++)
        {
            await device.PublishAsync(Topic, "x");
        }

        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink reader = service.OpenReader(Path, credit: null);
        reader.SetCredit(7);
        for (long expected = 0; expected < 1_020; expected++)
        {
            using Message message = await reader.ReceiveAsync(TestHub.Deadline);
            reader.Accept(message);

            Assert.Equal(expected, message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);
            Assert.Equal(expected < 20 ? large.Length : 1, ((Data)message.BodySection).Binary.Length);
        }
    }

    /// <summary>Certificates want the present, and AMQP carries milliseconds.</summary>
    private static FakeTimeProvider WholeSecondClock() => new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

    private static async Task<string> ReadAsync(ReceiverLink reader, int count)
    {
        var read = new StringBuilder();
        for (int index = 0; index < count; index++)
        {
            using Message message = await reader.ReceiveAsync(TestHub.Deadline);
            read.Append(Encoding.UTF8.GetString(((Data)message.BodySection).Binary));
        }

        return read.ToString();
    }

    private static Task<Message> ReadAsync(TestService service, string type, string? partition = null, string name = "hub", string operation = "READ")
    {
        var request = new Message
        {
            Properties = new Properties { MessageId = Guid.NewGuid().ToString(), ReplyTo = "somewhere" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = operation, ["name"] = name, ["type"] = type },
        };
        if (partition is not null)
        {
            request.ApplicationProperties["partition"] = partition;
        }

        return service.AskAsync("$management", request);
    }

    private static int StatusOf(Message answer) => (int)answer.ApplicationProperties["status-code"];
}
