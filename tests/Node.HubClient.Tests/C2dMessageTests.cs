using System.Text;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

public sealed class C2dMessageTests
{
    private const string Prefix = "devices/dev1/messages/devicebound/";
    private readonly List<C2dMessage> _received = [];

    [Fact]
    public void System_and_application_properties_are_told_apart_and_decoded()
    {
        using ClientRig rig = Connected(MessageDisposition.Accepted);
        rig.Hub.Arrive(Prefix + "iothub-ack=full&%24.to=%2Fdevices%2Fdev1%2Fmessages%2FdeviceBound&%24.cid=123&%24.mid=m%3A1&color=red%20%C3%A9&empty=&bare&color=blue", "body", 7);
        rig.Client.DoWork();

        C2dMessage message = Assert.Single(_received);
        Assert.Equal(("full", "/devices/dev1/messages/deviceBound", "123", "m:1"), (message.Acknowledgement, message.To, message.CorrelationId, message.MessageId));
        Assert.Equal([new("color", "blue")], message.Properties);
        Assert.Equal("body", Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal([(ushort)7], rig.Hub.Acknowledged);
    }

    [Fact]
    public void The_filter_asks_for_qos_1_and_goes_with_the_others_in_one_subscribe()
    {
        using ClientRig rig = Connected(MessageDisposition.Accepted);

        Assert.Equal(["devices/dev1/messages/devicebound/#"], Assert.Single(rig.Hub.Subscribed).Filters);
    }

    [Theory]
    [InlineData(MessageDisposition.Accepted, 1)]
    [InlineData(MessageDisposition.Rejected, 1)]
    [InlineData(MessageDisposition.Abandoned, 0)]
    [InlineData(MessageDisposition.AsyncAck, 0)]
    public void The_disposition_decides_the_acknowledgement(MessageDisposition disposition, int acknowledgements)
    {
        using ClientRig rig = Connected(disposition);
        rig.Hub.Arrive(Prefix, "x", 3);
        rig.Client.DoWork();
        rig.Client.DoWork();

        Assert.Equal(acknowledgements, rig.Hub.Acknowledged.Count);
    }

    [Fact]
    public void A_message_of_another_client_is_not_settled_and_an_undefined_disposition_is_refused()
    {
        using ClientRig one = Connected(MessageDisposition.AsyncAck);
        using ClientRig other = Connected(MessageDisposition.AsyncAck);
        one.Hub.Arrive(Prefix, "x", 3);
        one.Client.DoWork();
        other.Hub.Arrive(Prefix, "y", 3);
        other.Client.DoWork();

        Assert.Equal(IotHubClientResult.Error, other.Client.SendMessageDisposition(_received[0], MessageDisposition.Accepted));
        Assert.Equal(IotHubClientResult.InvalidArg, one.Client.SendMessageDisposition(_received[0], (MessageDisposition)17));
        other.Client.DoWork();
        Assert.Empty(other.Hub.Acknowledged);
        Assert.Equal(IotHubClientResult.Ok, one.Client.SendMessageDisposition(_received[0], MessageDisposition.Accepted));
        one.Client.DoWork();
        Assert.Equal([(ushort)3], one.Hub.Acknowledged);
    }

    [Fact]
    public void Messages_settled_later_keep_their_places_over_many_deliveries_and_connections()
    {
        using ClientRig rig = Connected(MessageDisposition.AsyncAck);
        var random = new Random(5);
        var expected = new List<ushort>();
        for (int connection = 0; connection < 5; connection++)
        {
            int first = _received.Count;
            for (ushort id = 1; id <= 60; id++)
            {
                rig.Hub.Arrive(Prefix, "x", id);
            }

            rig.Client.DoWork();
            foreach (int index in Enumerable.Range(first, 40).OrderBy(_ => random.Next()))
            {
                Assert.Equal(IotHubClientResult.Ok, rig.Client.SendMessageDisposition(_received[index], MessageDisposition.Accepted));
                Assert.Equal(IotHubClientResult.Error, rig.Client.SendMessageDisposition(_received[index], MessageDisposition.Accepted));
                rig.Client.DoWork();
            }

            expected.AddRange(Enumerable.Range(1, 40).Select(id => (ushort)id));
            Assert.Equal(expected, rig.Hub.Acknowledged);
            rig.Reconnect();
            Assert.Equal(IotHubClientResult.Error, rig.Client.SendMessageDisposition(_received[^1], MessageDisposition.Accepted));
        }
    }

    [Fact]
    public void Acknowledgements_leave_in_the_order_of_delivery()
    {
        using ClientRig rig = Connected(MessageDisposition.AsyncAck);
        for (ushort id = 1; id <= 4; id++)
        {
            rig.Hub.Arrive(Prefix, "x", id);
        }

        rig.Client.DoWork();
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SendMessageDisposition(_received[2], MessageDisposition.Accepted));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SendMessageDisposition(_received[1], MessageDisposition.Abandoned));
        rig.Client.DoWork();
        Assert.Empty(rig.Hub.Acknowledged);
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SendMessageDisposition(_received[0], MessageDisposition.Accepted));
        rig.Client.DoWork();

        Assert.Equal([(ushort)1, (ushort)3], rig.Hub.Acknowledged);
    }

    [Fact]
    public void A_message_is_settled_once_and_only_on_its_own_connection()
    {
        using ClientRig rig = Connected(MessageDisposition.AsyncAck);
        rig.Hub.Arrive(Prefix, "x", 1);
        rig.Hub.Arrive(Prefix, "x", 2);
        rig.Client.DoWork();

        Assert.Equal(IotHubClientResult.InvalidArg, rig.Client.SendMessageDisposition(_received[0], MessageDisposition.AsyncAck));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SendMessageDisposition(_received[0], MessageDisposition.Accepted));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SendMessageDisposition(_received[0], MessageDisposition.Accepted));
        rig.Reconnect();
        Assert.Equal(IotHubClientResult.Error, rig.Client.SendMessageDisposition(_received[1], MessageDisposition.Accepted));
    }

    [Fact]
    public void Without_a_callback_nothing_is_acknowledged_so_that_the_hub_delivers_again()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Hub.Arrive(Prefix, "x", 1);
        rig.Client.DoWork();

        Assert.Empty(rig.Hub.Acknowledged);
        Assert.Equal(IotHubClientResult.Ok, rig.Client.GetLastMessageReceiveTime(out DateTimeOffset time));
        Assert.Equal(rig.Clock.GetUtcNow(), time);
    }

    [Theory]
    [InlineData("devices/dev1/messages/deviceBound/%24.mid=m")]
    [InlineData("devices/dev1/messages/devicebound")]
    [InlineData("devices/dev1/messages/devicebound/")]
    public void The_topic_is_told_without_case_and_needs_no_properties(string topic)
    {
        using ClientRig rig = Connected(MessageDisposition.Accepted);

        rig.Hub.Arrive(topic, "x", 1);
        rig.Client.DoWork();

        Assert.Empty(Assert.Single(_received).Properties);
        Assert.Equal([1], rig.Hub.Acknowledged);
    }

    [Fact]
    public void What_arrives_at_qos_1_and_is_no_message_is_acknowledged_in_its_place()
    {
        using ClientRig rig = Connected(MessageDisposition.AsyncAck);
        rig.Hub.Arrive(Prefix, "x", 1);
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "{}", 2);
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=2", "{}", 3);
        rig.Hub.Arrive("devices/dev1/nobody/asked", "{}", 4);
        rig.Client.DoWork();
        Assert.Empty(rig.Hub.Acknowledged);

        rig.Client.SendMessageDisposition(_received[0], MessageDisposition.Accepted);
        rig.Client.DoWork();

        Assert.Equal([1, 2, 3, 4], rig.Hub.Acknowledged);
    }

    [Fact]
    public void Before_the_first_message_the_time_is_indefinite()
    {
        using var rig = new ClientRig();

        Assert.Equal(IotHubClientResult.IndefiniteTime, rig.Client.GetLastMessageReceiveTime(out _));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetMessageCallback(null));
    }

    [Fact]
    public void A_handler_that_throws_abandons_the_message()
    {
        using var rig = new ClientRig();
        rig.Client.SetMessageCallback((_, _) => throw new InvalidOperationException("from the application"));
        rig.Connect();
        rig.Hub.Arrive(Prefix, "x", 1);
        rig.Client.DoWork();

        Assert.Empty(rig.Hub.Acknowledged);
    }

    [Fact]
    public void A_bag_of_any_bytes_is_delivered()
    {
        using ClientRig rig = Connected(MessageDisposition.Accepted);
        var random = new Random(9);
        for (int round = 0; round < 500; round++)
        {
            rig.Hub.Arrive(Prefix + new string([.. Enumerable.Range(0, random.Next(40)).Select(_ => "%24.midct=&/+~é"[random.Next(15)])]), "x", (ushort)(round + 1));
            rig.Client.DoWork();
        }

        Assert.Equal(500, _received.Count);
        Assert.Equal(500, rig.Hub.Acknowledged.Count);
    }

    [Fact]
    public void A_method_may_be_answered_later_once_and_on_its_own_connection()
    {
        using var rig = new ClientRig();
        var requests = new List<MethodRequest>();
        rig.Client.SetDeviceMethodCallbackEx((request, _) => requests.Add(request));
        rig.Connect();
        rig.Hub.Arrive("$iothub/methods/POST/a/?$rid=1", "");
        rig.Hub.Arrive("$iothub/methods/POST/b/?$rid=2", "");
        rig.Client.DoWork();
        Assert.Empty(rig.Hub.Published);

        Assert.Equal(IotHubClientResult.Ok, rig.Client.DeviceMethodResponse(requests[0], new MethodResponse(202, default)));
        Assert.Equal(IotHubClientResult.Error, rig.Client.DeviceMethodResponse(requests[0], new MethodResponse(202, default)));
        rig.Client.DoWork();
        rig.Reconnect();
        Assert.Equal(IotHubClientResult.Error, rig.Client.DeviceMethodResponse(requests[1], new MethodResponse(200, default)));

        Assert.Equal("$iothub/methods/res/202/?$rid=1", Assert.Single(rig.Hub.Published).Topic);
    }

    [Fact]
    public void The_two_kinds_of_method_handler_exclude_each_other()
    {
        using var rig = new ClientRig();
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetDeviceMethodCallbackEx(null));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetDeviceMethodCallbackEx((_, _) => { }));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetDeviceMethodCallback((_, _) => default));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetDeviceMethodCallback(null));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetDeviceMethodCallbackEx(null));
        Assert.Equal(IotHubClientResult.Ok, rig.Client.SetDeviceMethodCallback((_, _) => default));
        Assert.Equal(IotHubClientResult.Error, rig.Client.SetDeviceMethodCallbackEx((_, _) => { }));
    }

    private ClientRig Connected(MessageDisposition disposition)
    {
        var rig = new ClientRig();
        rig.Client.SetMessageCallback((message, _) =>
        {
            _received.Add(message);
            return disposition;
        });
        return rig.Connect();
    }
}
