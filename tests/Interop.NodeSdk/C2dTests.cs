using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class C2dTests(SdkPackages sdk)
{
    [Fact]
    public async Task Messages_arrive_in_order_with_their_properties_and_are_completed()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("messages.js");
        await script.ReachesAsync("listening");

        Send(hub, new C2dMessage
        {
            MessageId = "first",
            ContentType = "text/plain; charset=utf-8",
            Ack = C2dAck.Full,
            Properties = [new("a&b", "50%=half /x"), new("empty", "")],
            Body = Encoding.UTF8.GetBytes("21 °C"),
        });
        Send(hub, new C2dMessage { MessageId = "last", Ack = C2dAck.Full });
        JsonNode taken = (await script.FindingsAsync())["taken"]!;

        Assert.Equal(["first", "last"], Ids(taken));
        Assert.Equal("21 °C", (string)taken[0]!["text"]!);
        Assert.Equal("text/plain; charset=utf-8", (string)taken[0]!["contentType"]!);
        Assert.Equal("50%=half /x", (string)taken[0]!["properties"]!["a&b"]!);
        Assert.Equal("", (string)taken[0]!["properties"]!["empty"]!);
        await hub.Hub.Feedback.WaitForAsync(record => record.OriginalMessageId == "last", hub.Patience);
        Assert.Equal([("first", C2dEnding.Success), ("last", C2dEnding.Success)], hub.Hub.Feedback.Snapshot().Select(record => (record.OriginalMessageId!, record.Ending)));
    }

    [Fact]
    public async Task A_message_that_was_not_acknowledged_comes_again_to_the_next_connection()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript victim = hub.Run("messages.js", ("DIE_AT", "second"));
        await victim.ReachesAsync("listening");
        Send(hub, new C2dMessage { MessageId = "first", Ack = C2dAck.Full });
        await hub.Hub.Feedback.WaitForAsync(record => record.OriginalMessageId == "first", hub.Patience);
        Send(hub, new C2dMessage { MessageId = "second", Ack = C2dAck.Full });
        await victim.EndAsync();

        Send(hub, new C2dMessage { MessageId = "last", Ack = C2dAck.Full });
        await using NodeScript heir = hub.Run("messages.js");
        await heir.ReachesAsync("listening");
        JsonNode taken = (await heir.FindingsAsync())["taken"]!;

        Assert.Equal(["second", "last"], Ids(taken));
        await hub.Hub.Feedback.WaitForAsync(record => record.OriginalMessageId == "last", hub.Patience);
        Assert.Equal(["first", "second", "last"], hub.Hub.Feedback.Snapshot().Select(record => record.OriginalMessageId));
    }

    private static void Send(InteropHub hub, C2dMessage message) => Assert.True(hub.Hub.TrySendMessage(InteropHub.DeviceId, message));

    private static IEnumerable<string> Ids(JsonNode taken) => taken.AsArray().Select(message => (string)message!["id"]!);
}
