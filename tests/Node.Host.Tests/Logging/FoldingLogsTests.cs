using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Logging;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Logging;

public sealed class FoldingLogsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(TestNode.Start);
    private readonly LogRing _out;
    private readonly FoldingLogs _logs;
    private readonly ILogger _logger;

    public FoldingLogsTests()
    {
        _out = new LogRing(_time);
        _logs = new FoldingLogs(_out, _time);
        _logger = _logs.CreateLogger("Node.Bus");
    }

    private IEnumerable<string> Lines => _out.Entries.Select(entry => $"{entry.Level}: {entry.Text}");

    public void Dispose()
    {
        _logs.Dispose();
        _out.Dispose();
    }

    [Fact]
    public void An_error_that_repeats_is_written_once_and_counted_after_five_minutes()
    {
        for (int i = 0; i < 58; i++)
        {
            Say(LogLevel.Error, "No answer at 0x76");
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(["Error: No answer at 0x76"], Lines);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["Error: No answer at 0x76", "Error: ×57 in 5 min: No answer at 0x76"], Lines);

        Say(LogLevel.Error, "No answer at 0x76");
        Assert.Equal(3, Lines.Count());
    }

    [Fact]
    public void Another_text_level_or_category_is_another_line_and_information_always_passes()
    {
        Say(LogLevel.Warning, "slow");
        Say(LogLevel.Error, "slow");
        Say(LogLevel.Warning, "slower");
        Say(LogLevel.Warning, "slow", _logs.CreateLogger("Node.Hub"));
        Say(LogLevel.Information, "round");
        Say(LogLevel.Information, "round");

        Assert.Equal(6, Lines.Count());
    }

    [Fact]
    public void One_that_came_once_is_not_told_again()
    {
        Say(LogLevel.Warning, "once");
        _time.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(["Warning: once"], Lines);
    }

    [Fact]
    public void The_end_tells_the_counts_that_are_open()
    {
        Say(LogLevel.Warning, "again");
        Say(LogLevel.Warning, "again");

        _logs.Dispose();

        Assert.Equal(["Warning: again", "Warning: ×1 in 1 min: again"], Lines);
    }

    [Fact]
    public void Many_different_errors_do_not_fill_the_memory_and_all_are_written()
    {
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < FoldingLogs.MostWatched + 10; i++)
            {
                Say(LogLevel.Error, $"error {i}");
            }
        }

        Assert.Equal(FoldingLogs.MostWatched + 20, Lines.Count());
    }

    private void Say(LogLevel level, string text, ILogger? to = null) => (to ?? _logger).Log(level, default, text, null, static (line, _) => line);
}
