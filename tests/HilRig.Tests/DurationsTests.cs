namespace HilRig.Tests;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("10s", 10)]
    [InlineData("1.5s", 1.5)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("PT10S", 10)]
    [InlineData("PT0.25S", 0.25)]
    [InlineData("P1D", 86400)]
    public void Every_form_is_read(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out TimeSpan duration));
        Assert.Equal(seconds, duration.TotalSeconds, precision: 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1 s")]
    [InlineData("10S")]
    [InlineData("999999999h")]
    [InlineData("P")]
    [InlineData("-PT1S")]
    [InlineData("P99999999999999999D")]
    public void Anything_else_is_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData(0.25, "250ms")]
    [InlineData(1.5, "1.5s")]
    [InlineData(90, "90s")]
    [InlineData(600, "10m")]
    [InlineData(86400, "24h")]
    public void What_is_written_is_read_back_as_the_same(double seconds, string text)
    {
        Assert.Equal(text, Durations.Write(TimeSpan.FromSeconds(seconds)));
        Assert.True(Durations.TryParse(text, out TimeSpan again));
        Assert.Equal(seconds, again.TotalSeconds, precision: 6);
    }
}
