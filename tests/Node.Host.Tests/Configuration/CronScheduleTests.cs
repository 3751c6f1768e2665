using Node.Host.Configuration;

namespace Node.Host.Tests.Configuration;

public sealed class CronScheduleTests
{
    private static readonly DateTimeOffset Sunday = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("*/15 * * * *", "2026-03-01T12:15:00Z")]
    [InlineData("*/15  * * *  *", "2026-03-01T12:15:00Z")]
    [InlineData("30 4 * * *", "2026-03-02T04:30:00Z")]
    [InlineData("0 6 * * 1", "2026-03-02T06:00:00Z")] // cron's Monday
    [InlineData("0 6 * * 0", "2026-03-08T06:00:00Z")] // cron's Sunday
    [InlineData("0 6 * * 7", "2026-03-08T06:00:00Z")]
    [InlineData("0 6 * * MON-FRI", "2026-03-02T06:00:00Z")]
    [InlineData("0 6 15 * *", "2026-03-15T06:00:00Z")]
    [InlineData("*/10 * * * * *", "2026-03-01T12:00:10Z")] // Quartz's six fields
    [InlineData("0 0 6 ? * 2", "2026-03-02T06:00:00Z")] // Quartz's Monday
    [InlineData("0 0 6 1 1 ? 2030", "2030-01-01T06:00:00Z")]
    public void The_next_instant_is_what_cron_says_in_UTC(string text, string expected)
    {
        Assert.True(CronSchedule.TryParse(text, out CronSchedule? schedule, out _));

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), schedule!.After(Sunday));
    }

    [Theory]
    [InlineData("")]
    [InlineData("often")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * * * 8")]
    [InlineData("* * * * * * * *")]
    public void What_is_no_schedule_is_refused_with_what_is_expected(string text)
    {
        Assert.False(CronSchedule.TryParse(text, out _, out string reason));

        Assert.Contains("expected are five fields", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_calendar_that_has_ended_has_no_next_instant()
    {
        Assert.True(CronSchedule.TryParse("0 0 6 1 1 ? 2020", out CronSchedule? schedule, out _));

        Assert.Null(schedule!.After(Sunday));
    }
}
