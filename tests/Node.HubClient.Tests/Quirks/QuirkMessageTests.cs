using System.Text;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around cloud-to-device messages and property encoding.</summary>
public sealed class QuirkMessageTests
{
    [Theory]
    [InlineData("k=%c3", "k", "\uFFFD")] // half a character
    [InlineData("k=%zz", "k", "%zz")]
    [InlineData("k=100%", "k", "100%")]
    [InlineData("k=~:,'", "k", "~:,'")]
    [InlineData("k=a=b", "k", "a=b")]
    [InlineData("k=%00%07", "k", "\0\a")]
    [InlineData("%24.unknown=x", "$.unknown", "x")]
    public void Q27_a_message_whose_properties_do_not_decode_is_delivered_and_settled(string bag, string key, string value)
    {
        using var rig = new ClientRig();
        var received = new List<C2dMessage>();
        rig.Client.SetMessageCallback((message, _) =>
        {
            received.Add(message);
            return MessageDisposition.Accepted;
        });
        rig.Connect();

        rig.Hub.Arrive(HubSide.DevicePrefix + bag, "body", 5);
        rig.Client.DoWork();

        Assert.Equal([new(key, value)], Assert.Single(received).Properties);
        Assert.Equal([(ushort)5], rig.Hub.Acknowledged);
    }

    [Fact]
    public void Q28_a_message_without_a_handler_is_not_acknowledged_and_comes_again_to_one()
    {
        using var rig = new ClientRig();
        rig.Connect();
        rig.Hub.Arrive(HubSide.DevicePrefix, "unheard", 5);
        rig.Client.DoWork();
        Assert.Empty(rig.Hub.Acknowledged);

        var heard = new List<string>();
        rig.Client.SetMessageCallback((message, _) =>
        {
            heard.Add(Encoding.UTF8.GetString(message.Body.Span));
            return MessageDisposition.Accepted;
        });
        rig.Reconnect();
        rig.Hub.Arrive(HubSide.DevicePrefix, "unheard", 1);
        rig.Client.DoWork();

        Assert.Equal(["unheard"], heard);
        Assert.Equal([(ushort)1], rig.Hub.Acknowledged);
    }

    [Theory]
    [InlineData("é", "%c3%a9")]
    [InlineData("21 °C", "21%20%c2%b0C")]
    [InlineData("鋼", "%e9%8b%bc")]
    [InlineData("🌡", "%f0%9f%8c%a1")]
    [InlineData("~'", "%7e%27")]
    public void Q29_text_beyond_ascii_is_encoded_once_and_comes_back_whole(string text, string encoded)
    {
        using var rig = new ClientRig();
        C2dMessage? received = null;
        rig.Client.SetMessageCallback((message, _) =>
        {
            received = message;
            return MessageDisposition.Accepted;
        });
        rig.Connect();
        var sent = new TelemetryMessage(default) { MessageId = text };
        sent.Properties.Add(new(text, text));
        rig.Client.SendEvent(sent);
        rig.Client.DoWork();
        Assert.Equal($"devices/dev1/messages/events/{encoded}={encoded}&%24.mid={encoded}", rig.Hub.Published[^1].Topic);

        rig.Hub.Arrive(HubSide.DevicePrefix + $"{encoded}={encoded}&%24.mid={encoded}", "", 1);
        rig.Client.DoWork();

        Assert.Equal(text, received!.MessageId);
        Assert.Equal([new(text, text)], received.Properties);
    }
}
