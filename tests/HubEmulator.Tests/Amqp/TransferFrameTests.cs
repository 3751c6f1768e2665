using HubEmulator.Amqp;

namespace HubEmulator.Tests.Amqp;

public sealed class TransferFrameTests
{
    private const string Header = "000000000200";

    [Theory]
    [InlineData("0003" + "005314C0030152" + "07" + "AABB", 3, 7, false, 2)] // transfer(handle 7) and two bytes
    [InlineData("0000" + "005314C0020143" + "AA", 0, 0, false, 1)]
    [InlineData("0000" + "005314C00B0670000001004040404041" + "AABBCC", 0, 256, true, 3)] // handle 256, more
    [InlineData("0000" + "005314C00B06700000010040404040" + "5601" + "CC", 0, 256, true, -1)] // the list is a byte short
    [InlineData("0000" + "005314C00C06700000010040404040" + "5601" + "CC", 0, 256, true, 1)]
    [InlineData("0000" + "005314D0000000060000000143" + "AA", 0, 0, false, -1)]
    [InlineData("0000" + "005314D0000000050000000143" + "AA", 0, 0, false, 1)]
    public void A_transfer_tells_link_rest_and_payload(string hex, int channel, int handle, bool more, int payload)
    {
        bool isFrame = TransferFrame.TryRead(Convert.FromHexString(Header + hex), out TransferFrame transfer);

        Assert.Equal(payload >= 0, isFrame);
        if (isFrame)
        {
            Assert.Equal((((ulong)channel << 32) | (uint)handle, more, payload), (transfer.Link, transfer.More, transfer.PayloadBytes));
        }
    }

    [Theory]
    [InlineData("0000000802000000", true)] // heartbeat
    [InlineData("0000000803000000", false)] // extended header
    [InlineData("0000000802010000", false)] // SASL
    [InlineData("00000000020000000053" + "104540", false)] // payload behind open(), which has no handle
    [InlineData("00000000020000000053" + "1045", true)] // open()
    [InlineData("000000000200000041", false)] // no performative
    [InlineData("00000008020000", false)]
    public void Other_frames_are_told_from_what_is_none(string hex, bool isFrame)
    {
        Assert.Equal(isFrame, TransferFrame.TryRead(Convert.FromHexString(hex), out TransferFrame transfer));
        Assert.Equal(0, transfer.PayloadBytes);
    }

    [Fact]
    public void Unfinished_messages_count_together_until_they_are_finished()
    {
        var partial = new PartialMessages();
        var half = new TransferFrame(1, More: true, PartialMessages.MostBytes / 2);

        Assert.True(partial.TryAdd(half));
        Assert.True(partial.TryAdd(half with { Link = 2 }));
        Assert.False(partial.TryAdd(new TransferFrame(3, More: true, 1)));
        Assert.True(partial.TryAdd(new TransferFrame(3, More: false, 1)));
        Assert.True(partial.TryAdd(half with { More = false }));
        Assert.True(partial.TryAdd(half));
        Assert.False(partial.TryAdd(half with { PayloadBytes = 1 }));
    }
}
