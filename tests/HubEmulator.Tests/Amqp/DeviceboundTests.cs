using System.Text;
using System.Text.Json.Nodes;
using Amqp;
using Amqp.Framing;
using HubEmulator.Tests.Live;
using MQTTnet.Protocol;

namespace HubEmulator.Tests.Amqp;

/// <summary>Messages to devices over AMQP: what arrives at the device, and how the others are rejected.</summary>
public sealed class DeviceboundTests
{
    private const string Filter = "devices/dev-01/messages/devicebound/#";
    private static readonly Guid Id = new("3f6d0b8e-9a7e-4f0e-8f5e-1d2c3b4a5f60");

    [Fact]
    public async Task A_message_reaches_the_device_with_all_its_properties()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync(Filter, MqttQualityOfServiceLevel.AtLeastOnce);
        await using TestService service = await TestService.ConnectAsync(hub);
        var message = new Message
        {
            Properties = new Properties
            {
                To = "/devices/dev-01/messages/deviceBound",
                UserId = "u1"u8.ToArray(),
                ContentType = "text/plain",
                ContentEncoding = "utf-8",
                AbsoluteExpiryTime = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            },
            ApplicationProperties = new ApplicationProperties { ["iothub-ack"] = "full", ["text"] = "a b", ["whole"] = 7, ["half"] = 0.5, ["yes"] = true, ["none"] = null },
            BodySection = new Data { Binary = Encoding.UTF8.GetBytes("hello") },
        };
        message.Properties.SetMessageId(Id); // an SDK sends texts that look like GUIDs as such
        message.Properties.SetCorrelationId(7UL);

        Error? refusal = await TestService.SendAsync(service.OpenSender(), message);
        (string topic, string payload) = await device.NextAsync();

        Assert.Null(refusal);
        Assert.Equal("hello", payload);
        Assert.Equal(
            "devices/dev-01/messages/devicebound/%24.mid=3f6d0b8e-9a7e-4f0e-8f5e-1d2c3b4a5f60&%24.cid=7&%24.uid=u1&%24.to=%2Fdevices%2Fdev-01%2Fmessages%2FdeviceBound"
            + "&%24.exp=2100-01-01T00%3A00%3A00.0000000Z&%24.ct=text%2Fplain&%24.ce=utf-8&iothub-ack=full&text=a%20b&whole=7&half=0.5&yes=true&none",
            topic);
        Assert.Equal(Id.ToString(), (await hub.Hub.Feedback.WaitForAsync(_ => true, TestContext.Current.CancellationToken)).OriginalMessageId);
    }

    [Theory]
    [InlineData("value")]
    [InlineData("bytes")]
    [InlineData("parts")]
    [InlineData("nothing")]
    public async Task Every_kind_of_body_arrives_as_bytes(string kind)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync(Filter, MqttQualityOfServiceLevel.AtLeastOnce);
        await using TestService service = await TestService.ConnectAsync(hub);
        Message message = To("dev-01");
        message.BodySection = kind switch
        {
            "value" => new AmqpValue { Value = "hello" },
            "bytes" => new AmqpValue { Value = "hello"u8.ToArray() },
            "parts" => Parts("hel", "lo"),
            _ => null,
        };

        Error? refusal = await TestService.SendAsync(service.OpenSender(), message);

        Assert.Null(refusal);
        Assert.Equal(kind == "nothing" ? "" : "hello", (await device.NextAsync()).Payload);
    }

    [Fact]
    public async Task What_the_hub_does_not_take_is_rejected_with_condition_and_number()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        SenderLink sender = service.OpenSender();
        Message withAck = To("dev-01");
        withAck.ApplicationProperties = new ApplicationProperties { ["iothub-ack"] = "maybe" };
        Message withId = To("dev-01");
        withId.Properties.MessageId = "no blanks here";
        Message large = To("dev-01");
        large.BodySection = new Data { Binary = new byte[65_537] };
        Message list = To("dev-01");
        list.BodySection = new AmqpSequence { List = new List<object> { 1 } };
        (Message Message, string Condition, int Code)[] cases =
        [
            (To("nobody"), ErrorCode.NotFound, 404001),
            (To("dev-01/modules/m"), ErrorCode.NotImplemented, 400003),
            (new Message { Properties = new Properties { To = "/devices/dev-01" } }, "com.microsoft:argument-error", 400004),
            (new Message(), "com.microsoft:argument-error", 400004),
            (withAck, "com.microsoft:argument-error", 400004),
            (withId, "com.microsoft:argument-error", 400004),
            (list, "com.microsoft:argument-error", 400004),
            (large, ErrorCode.MessageSizeExceeded, 413001),
        ];

        foreach ((Message message, string condition, int code) in cases)
        {
            Error? refusal = await TestService.SendAsync(sender, message);

            Assert.Equal(condition, refusal?.Condition.ToString());
            Assert.Equal(code, (int)JsonNode.Parse(refusal!.Description)!["errorCode"]!);
        }

        (_, JsonNode? identity, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");
        Assert.Equal(0, (int)identity!["cloudToDeviceMessageCount"]!);
    }

    [Fact]
    public async Task A_full_queue_rejects_and_takes_again_after_a_purge()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        SenderLink sender = service.OpenSender();
        Error?[] refusals = new Error?[51];
        for (int index = 0; index < refusals.Length; index++)
        {
            refusals[index] = await TestService.SendAsync(sender, To("dev-01"));
        }

        await hub.CallAsync(HttpMethod.Delete, "/devices/dev-01/commands");

        Assert.All(refusals.SkipLast(1), Assert.Null);
        Assert.Equal(ErrorCode.ResourceLimitExceeded, refusals[^1]?.Condition);
        Assert.Contains("403004", refusals[^1]!.Description, StringComparison.Ordinal);
        Assert.Null(await TestService.SendAsync(sender, To("dev-01")));
    }

    [Fact]
    public async Task A_link_takes_more_messages_than_its_first_credit()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync(Filter);
        await using TestService service = await TestService.ConnectAsync(hub);
        SenderLink sender = service.OpenSender();

        for (int index = 0; index < 2_500; index++)
        {
            Assert.Null(await TestService.SendAsync(sender, To("dev-01")));
        }
    }

    private static DataList Parts(params string[] texts)
    {
        var parts = new DataList();
        Array.ForEach(texts, text => parts.Add(new Data { Binary = Encoding.UTF8.GetBytes(text) }));
        return parts;
    }

    private static Message To(string device) => new() { Properties = new Properties { To = $"/devices/{device}/messages/devicebound" } };
}
