using Node.Host.Configuration;

namespace Node.Host.Tests.Configuration;

public sealed class DurationTests
{
    [Theory]
    [InlineData("10s", 10)]
    [InlineData("500ms", 0.5)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7_200)]
    [InlineData("1d", 86_400)]
    [InlineData(" 1.5 s ", 1.5)]
    [InlineData("1h30m", 5_400)]
    [InlineData("1m 30s", 90)]
    [InlineData("1s500ms", 1.5)]
    [InlineData("10MIN", 600)]
    [InlineData("PT10S", 10)]
    [InlineData("pt0.25s", 0.25)]
    [InlineData("PT1M30S", 90)]
    [InlineData("P1DT2H", 93_600)]
    [InlineData("P2W", 1_209_600)]
    [InlineData("PT0S", 0)]
    public void Both_forms_are_read(string text, double seconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("PT-5S")]
    [InlineData("5 parsecs")]
    [InlineData("30m1h")] // The larger unit comes first.
    [InlineData("1h1h")]
    [InlineData("1h30")]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("P1M")] // A month has no fixed length.
    [InlineData("P1Y")]
    [InlineData("PT1S1M")] // The larger unit comes first.
    [InlineData("PT1S1S")]
    [InlineData("PTS")]
    [InlineData("1.2.3s")]
    [InlineData("1e3s")]
    [InlineData("999999999999d")]
    public void Anything_else_is_refused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "PT0S")]
    [InlineData(2, "PT2S")]
    [InlineData(0.5, "PT0.5S")]
    [InlineData(60, "PT1M")]
    [InlineData(90, "PT1M30S")]
    [InlineData(3_600, "PT1H")]
    [InlineData(86_400, "P1D")]
    [InlineData(90_061.25, "P1DT1H1M1.25S")]
    public void The_canonical_form_is_shortest(double seconds, string text) => Assert.Equal(text, Duration.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_written_is_read_back()
    {
        var chance = new Random(1);
        for (int i = 0; i < 2_000; i++)
        {
            var duration = TimeSpan.FromMilliseconds(chance.NextInt64(0, 100L * 86_400_000));

            Assert.True(Duration.TryParse(Duration.Format(duration), out TimeSpan read));
            Assert.Equal(duration.TotalMilliseconds, read.TotalMilliseconds, tolerance: 0.001);
        }
    }

    [Fact]
    public void Random_text_never_throws()
    {
        var chance = new Random(2);
        const string Letters = "PTDHMSWpt.0123456789 -+ems\u00e9";
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, chance.Next(12)).Select(_ => Letters[chance.Next(Letters.Length)]));

            bool understood = Duration.TryParse(text, out TimeSpan duration);

            Assert.True(understood || duration == default, text);
            Assert.True(duration >= TimeSpan.Zero, text);
        }
    }
}
