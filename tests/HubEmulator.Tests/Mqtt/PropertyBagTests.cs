using System.Text;
using HubEmulator.Mqtt;

namespace HubEmulator.Tests.Mqtt;

public sealed class PropertyBagTests
{
    [Theory]
    [InlineData("temp=21%20%C2%B0C", "temp", "21 °C")]
    [InlineData("a%26b=50%25%3Dhalf", "a&b", "50%=half")]
    [InlineData("path=%2Fx%2Fy%3Fz%23w", "path", "/x/y?z#w")]
    [InlineData("plus=a%2Bb", "plus", "a+b")]
    [InlineData("plus=a+b", "plus", "a+b")]
    [InlineData("empty=", "empty", "")]
    [InlineData("none", "none", null)]
    [InlineData("emoji=%F0%9F%98%80", "emoji", "\U0001F600")]
    [InlineData("sp%20ace=tab%09", "sp ace", "tab\t")]
    [InlineData("%24.ct=text%2Fplain%3B%20charset%3Dutf-8", "$.ct", "text/plain; charset=utf-8")]
    [InlineData("%24.exp=2026-01-01T00%3A00%3A00.0000000Z", "$.exp", "2026-01-01T00:00:00.0000000Z")]
    [InlineData("$.mid=m1", "$.mid", "m1")]
    [InlineData("two=equals=signs", "two", "equals=signs")]
    [InlineData("raw=°C and / : ;", "raw", "°C and / : ;")]
    [InlineData("mixed=°%C2%B0", "mixed", "°°")]
    public void A_pair_is_decoded(string text, string key, string? value)
    {
        Assert.True(PropertyBag.TryDecode(text, out Dictionary<string, string?> properties));

        KeyValuePair<string, string?> only = Assert.Single(properties);
        Assert.Equal(key, only.Key);
        Assert.Equal(value, only.Value);
    }

    [Fact]
    public void A_bag_may_be_empty_have_empty_places_and_repeat_a_key()
    {
        Assert.True(PropertyBag.TryDecode("", out Dictionary<string, string?> none));
        Assert.True(PropertyBag.TryDecode("&a=1&&a=2&", out Dictionary<string, string?> some));

        Assert.Empty(none);
        Assert.Equal("2", Assert.Single(some).Value); // the last one wins
    }

    [Theory]
    [InlineData("=value")]
    [InlineData("a=%")]
    [InlineData("a=%2")]
    [InlineData("a=%zz")]
    [InlineData("a=% 1")]
    [InlineData("a=%+1")]
    [InlineData("a=%C2")]
    [InlineData("a=%ED%A0%80")] // a lone surrogate in UTF-8
    [InlineData("%FF=1")]
    public void A_broken_bag_is_not_read(string text) => Assert.False(PropertyBag.TryDecode(text, out _));

    [Fact]
    public void No_text_makes_it_throw()
    {
        var random = new Random(20260101);
        const string Likely = "%%%&&==09afAF$.+/ °\ud83d\ude00";
        for (int round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (int length = random.Next(24); length > 0; length--)
            {
                text.Append(Likely[random.Next(Likely.Length)]);
            }

            bool read = PropertyBag.TryDecode(text.ToString(), out Dictionary<string, string?> properties);

            Assert.True(read || !properties.ContainsKey(""));
        }
    }
}
