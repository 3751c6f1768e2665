using HubEmulator.C2d;

namespace HubEmulator.Tests.C2d;

public sealed class C2dTopicTests
{
    [Fact]
    public void A_topic_is_written_as_the_service_writes_it()
    {
        var message = new C2dMessage { MessageId = "m1", Ack = C2dAck.Full, Properties = [new("temp", "21 °C")] };

        Assert.Equal(
            "devices/dev-01/messages/devicebound/%24.mid=m1&%24.to=%2Fdevices%2Fdev-01%2Fmessages%2Fdevicebound&iothub-ack=full&temp=21%20%C2%B0C",
            C2dTopic.Write("dev-01", message));
    }

    [Fact]
    public void A_message_without_properties_has_its_destination()
    {
        Assert.Equal("devices/dev-01/messages/devicebound/%24.to=%2Fdevices%2Fdev-01%2Fmessages%2Fdevicebound", C2dTopic.Write("dev-01", new C2dMessage()));
    }

    [Fact]
    public void Every_system_property_has_its_place_and_times_have_seven_digits()
    {
        var message = new C2dMessage
        {
            MessageId = "m",
            CorrelationId = "c",
            ContentType = "text/plain; charset=utf-8",
            ContentEncoding = "utf-8",
            ExpiryTime = new DateTimeOffset(2026, 1, 1, 1, 0, 0, TimeSpan.FromHours(1)),
            Ack = C2dAck.None,
            Properties = [new("b", "2"), new("a", "1")],
        };

        Assert.Equal(
            "devices/d/messages/devicebound/%24.mid=m&%24.cid=c&%24.to=%2Fdevices%2Fd%2Fmessages%2Fdevicebound&%24.exp=2026-01-01T00%3A00%3A00.0000000Z"
            + "&%24.ct=text%2Fplain%3B%20charset%3Dutf-8&%24.ce=utf-8&iothub-ack=none&b=2&a=1",
            C2dTopic.Write("d", message));
    }

    [Theory]
    [InlineData("a&b", "50%=half", "a%26b=50%25%3Dhalf")]
    [InlineData("path", "/x/y?z#w", "path=%2Fx%2Fy%3Fz%23w")]
    [InlineData("plus", "a+b", "plus=a%2Bb")]
    [InlineData("empty", "", "empty=")]
    [InlineData("none", null, "none")]
    [InlineData("emoji", "😀", "emoji=%F0%9F%98%80")]
    [InlineData("sp ace", "tab\t", "sp%20ace=tab%09")]
    [InlineData("$own", "-_.~", "%24own=-_.~")]
    public void Properties_are_escaped(string key, string? value, string expected) =>
        Assert.EndsWith("devicebound&" + expected, C2dTopic.Write("d", new C2dMessage { Properties = [new(key, value)] }), StringComparison.Ordinal);

    [Fact]
    public void A_device_id_is_raw_in_the_path_and_escaped_in_the_destination()
    {
        Assert.Equal(
            "devices/dev:a+b%c#d/messages/devicebound/%24.to=%2Fdevices%2Fdev%253Aa%252Bb%2525c%2523d%2Fmessages%2Fdevicebound",
            C2dTopic.Write("dev:a+b%c#d", new C2dMessage()));
    }
}
