using HubEmulator.Mqtt;

namespace HubEmulator.Tests.Mqtt;

public sealed class DeviceTopicTests
{
    [Theory]
    [InlineData("devices/dev-01/messages/events/%24.mid=m1&a%26b=50%25%3Dhalf", "%24.mid=m1&a%26b=50%25%3Dhalf")]
    [InlineData("devices/dev-01/messages/events/a=1&%24.mid=m1&%24.ct=application/json", "a=1&%24.mid=m1&%24.ct=application/json")]
    [InlineData("devices/dev-01/messages/events/a=1/", "a=1")]
    [InlineData("devices/dev-01/messages/events/?a=1", "a=1")]
    [InlineData("devices/dev-01/messages/events/", "")]
    [InlineData("devices/dev-01/messages/events", "")]
    public void Telemetry_keeps_its_bag_and_loses_one_slash_at_the_end(string topic, string bag) =>
        Assert.Equal(new DeviceTopic(DeviceTopicKind.Events, bag, "", null), DeviceTopic.Parse(topic, "dev-01"));

    [Fact]
    public void Requests_and_answers_keep_their_opaque_request_id()
    {
        Assert.Equal(new DeviceTopic(DeviceTopicKind.TwinGet, "", "a-%20-b", null), DeviceTopic.Parse("$iothub/twin/GET/?$rid=a-%20-b", "dev-01"));
        Assert.Equal(new DeviceTopic(DeviceTopicKind.TwinReport, "", "7", null), DeviceTopic.Parse("$iothub/twin/PATCH/properties/reported/?$rid=7", "dev-01"));
        Assert.Equal(new DeviceTopic(DeviceTopicKind.TwinReport, "", "7", 12), DeviceTopic.Parse("$iothub/twin/PATCH/properties/reported/?$rid=7&$version=12", "dev-01"));
        Assert.Equal(new DeviceTopic(DeviceTopicKind.MethodAnswer, "", "1f", -404), DeviceTopic.Parse("$iothub/methods/res/-404/?$rid=1f", "dev-01"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("devices/dev-01")]
    [InlineData("devices/dev-011/messages/events/")]
    [InlineData("devices/dev-0/messages/events/")]
    [InlineData("devices/dev-01/messages/eventsx")]
    [InlineData("Devices/dev-01/messages/events/")]
    [InlineData("devices/dev-01/modules/m/messages/events/")]
    [InlineData("devices/dev-01/messages/devicebound/")]
    [InlineData("$iothub/twin/GET/")]
    [InlineData("$iothub/twin/GET/?$rid=")]
    [InlineData("$iothub/twin/GET/?rid=1")]
    [InlineData("$iothub/twin/PATCH/properties/desired/?$rid=1")]
    [InlineData("$iothub/twin/PATCH/properties/reported/?$rid=1&$version=x")]
    [InlineData("$iothub/methods/res//?$rid=1")]
    [InlineData("$iothub/methods/res/ok/?$rid=1")]
    [InlineData("$iothub/methods/res/99999999999/?$rid=1")]
    [InlineData("$iothub/methods/POST/x/?$rid=1")]
    [InlineData("$iothub/streams/res/200/?$rid=1")]
    public void Every_other_topic_is_forbidden(string topic) => Assert.Equal(DeviceTopicKind.None, DeviceTopic.Parse(topic, "dev-01").Kind);
}
