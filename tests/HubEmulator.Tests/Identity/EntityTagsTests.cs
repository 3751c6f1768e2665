using HubEmulator.Identity;

namespace HubEmulator.Tests.Identity;

public sealed class EntityTagsTests
{
    [Theory]
    [InlineData(1, "AAAAAAAAAAE=")]
    [InlineData(2, "AAAAAAAAAAI=")]
    [InlineData(3, "AAAAAAAAAAM=")]
    [InlineData(258, "AAAAAAAAAQI=")]
    public void A_twins_tag_is_a_big_endian_counter(long counter, string tag) => Assert.Equal(tag, EntityTags.OfTwin(counter));

    [Theory]
    [InlineData(44051476, "NDQwNTE0NzY=")]
    [InlineData(1, "MQ==")]
    public void A_devices_tag_is_a_decimal_text(long counter, string tag) => Assert.Equal(tag, EntityTags.OfDevice(counter));

    [Theory]
    [InlineData(null, true)]
    [InlineData("*", true)]
    [InlineData("\"*\"", true)]
    [InlineData("MQ==", true)]
    [InlineData("\"MQ==\"", true)]
    [InlineData("\"Mg==\"", false)]
    public void Clients_quote_conditions_in_every_way(string? ifMatch, bool meets) => Assert.Equal(meets, EntityTags.Meets("MQ==", ifMatch));
}
