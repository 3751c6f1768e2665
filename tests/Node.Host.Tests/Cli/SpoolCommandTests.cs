using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Cli;

public sealed partial class SpoolCommandTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stat_tells_what_waits_sensor_by_sensor()
    {
        using TemporaryFolder folder = await FilledAsync();

        JsonNode said = JsonNode.Parse(await OutputAsync(folder, "spool", "stat", "--json"))!;
        string text = await OutputAsync(folder, "spool", "stat");

        Assert.Equal((4L, 4L, "2026-03-01T12:00:00.000Z"), ((long)said["depth"]!, (long)said["stored"]!, (string?)said["oldest"]));
        Assert.Equal((3L, "2026-03-01T12:02:00.000Z"), ((long)said["sensors"]!["climate"]!["count"]!, (string?)said["sensors"]!["climate"]!["newest"]));
        Assert.Null(said["storedPerSecond"]); // No node runs: nothing moves.
        Assert.Contains("waiting    4 readings", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_writes_csv_that_keeps_every_field()
    {
        using TemporaryFolder folder = await FilledAsync();
        string file = folder.File("out.csv");

        await OutputAsync(folder, "spool", "export", "--output", file, "--from", "2026-03-01T12:01:00Z");

        Assert.Equal(
            [
                "sequence,boot,component,sampledAt,timeSynced,quality,priority,body",
                "2,b1,climate,2026-03-01T12:01:00.000Z,true,good,0,\"{\"\"t\"\":1,\"\"u\"\":2}\"",
                "3,b1,climate,2026-03-01T12:02:00.000Z,true,good,0,\"{\"\"t\"\":2,\"\"u\"\":2}\"",
                "4,b1,door,2026-03-01T12:03:00.000Z,false,stuck,1,{}",
            ],
            await File.ReadAllLinesAsync(file, Cancelled));
    }

    [Fact]
    public async Task Purge_throws_away_what_is_selected_and_counts_it()
    {
        using TemporaryFolder folder = await FilledAsync();

        string said = await OutputAsync(folder, "spool", "purge", "--sensor", "climate", "--to", "2026-03-01T12:02:00Z");
        JsonNode after = JsonNode.Parse(await OutputAsync(folder, "spool", "stat", "--json"))!;

        Assert.Contains("2 readings thrown away, 2 readings left", said, StringComparison.Ordinal);
        Assert.Equal((2L, 2L), ((long)after["depth"]!, (long)after["dropped"]!["purged"]!));
    }

    [Fact]
    public async Task What_was_packed_in_haste_is_told_exported_and_purged_alike()
    {
        const int Readings = 600;
        using var folder = new TemporaryFolder();
        var clock = new FakeTimeProvider(Noon); // It stands: all come as fast as can be.
        await using (Node.Host.Spool.Spool spool = Open(folder, clock))
        {
            Task[] appends = [.. Enumerable.Range(0, Readings).Select(number => spool.AppendAsync(
                new SpoolEntry(number % 2 == 0 ? "even" : "odd", Noon.AddSeconds(number), true, 0, Body(number)), Cancelled).AsTask())];
            await spool.FlushAsync(Cancelled);
            await Task.WhenAll(appends);
        }

        JsonNode before = JsonNode.Parse(await OutputAsync(folder, "spool", "stat", "--json"))!;
        await OutputAsync(folder, "spool", "export", "--output", folder.File("out.csv"));
        string[] rows = await File.ReadAllLinesAsync(folder.File("out.csv"), Cancelled);
        await OutputAsync(folder, "spool", "purge", "--sensor", "odd");
        JsonNode after = JsonNode.Parse(await OutputAsync(folder, "spool", "stat", "--json"))!;

        Assert.Equal((Readings, Readings / 2), ((int)before["depth"]!, (int)before["sensors"]!["odd"]!["count"]!));
        Assert.Equal(Enumerable.Range(0, Readings).Select(number => Encoding.ASCII.GetString(Body(number))), rows.Skip(1).Select(row => row.Split(',')[^1]));
        Assert.Equal((Readings / 2, Readings / 2), ((int)after["depth"]!, (int)after["dropped"]!["purged"]!));
    }

    [Fact]
    public async Task Purge_of_a_running_nodes_spool_is_refused()
    {
        using TemporaryFolder folder = await FilledAsync();
        await using Node.Host.Spool.Spool held = Open(folder);
        using var command = new NodeProcess(folder.Path, ["spool", "purge", "--all"]);

        Assert.Equal(1, await command.EndAsync(Cancelled));

        Assert.Contains("is in use by another process", command.Output, StringComparison.Ordinal);
        Assert.Equal(4, held.Statistics.Depth);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_the_refusal_advises_can_be_done(bool onTheCommandLine)
    {
        using TemporaryFolder folder = await FilledAsync();
        using TemporaryFolder other = await FilledAsync();
        await using Node.Host.Spool.Spool held = Open(folder);
        using var refused = new NodeProcess(folder.Path, ["spool", "purge", "--all"]);
        Assert.Equal(1, await refused.EndAsync(Cancelled));

        Match advice = AdvicePattern().Match(refused.Output);
        (string setting, string variable) = (advice.Groups["setting"].Value, advice.Groups["variable"].Value);
        using NodeProcess advised = onTheCommandLine
            ? new NodeProcess(folder.Path, ["spool", "purge", "--all", "--set", $"{setting}={other.Path}"])
            : new NodeProcess(folder.Path, ["spool", "purge", "--all"], (variable, other.Path));

        Assert.Equal(0, await advised.EndAsync(Cancelled));
        Assert.Contains("4 readings thrown away, 0 readings left", advised.Output, StringComparison.Ordinal);
        Assert.NotNull(SettingPurposes.Of(setting));
    }

    [Theory]
    [InlineData(2, "say what to throw away", "spool", "purge")]
    [InlineData(2, "say what to throw away", "spool", "purge", "--all", "--sensor", "door")]
    [InlineData(2, "--from: 'noon' is no time", "spool", "export", "--from", "noon")]
    public async Task A_mistake_is_told_in_one_line(int exitCode, string said, params string[] arguments)
    {
        using TemporaryFolder folder = await FilledAsync();
        using var command = new NodeProcess(folder.Path, arguments);

        Assert.Equal(exitCode, await command.EndAsync(Cancelled));

        Assert.Contains(said, Assert.Single(command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_spool_it_says_where_it_looked()
    {
        using var folder = new TemporaryFolder();
        using var command = new NodeProcess(folder.Path, ["spool", "stat"]);

        Assert.Equal(1, await command.EndAsync(Cancelled));

        Assert.Contains("There is no spool", command.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("spool.db")));
    }

    [GeneratedRegex(@"--set (?<setting>[\w:]+)=FOLDER, or (?<variable>\w+)=FOLDER in the environment")]
    private static partial Regex AdvicePattern();

    private static async Task<string> OutputAsync(TemporaryFolder folder, params string[] arguments)
    {
        using var command = new NodeProcess(folder.Path, arguments);
        Assert.Equal(0, await command.EndAsync(Cancelled));
        return command.Output;
    }

    private static async Task<TemporaryFolder> FilledAsync()
    {
        var folder = new TemporaryFolder();
        await using Node.Host.Spool.Spool spool = Open(folder);
        for (int minute = 0; minute < 3; minute++)
        {
            await spool.AppendAsync(new SpoolEntry(
                "climate", Noon.AddMinutes(minute), true, 0, Encoding.UTF8.GetBytes($$"""{"t":{{minute}},"u":2}""")), Cancelled);
        }

        await spool.AppendAsync(new SpoolEntry("door", Noon.AddMinutes(3), false, 1, "{}"u8.ToArray()) { Quality = "stuck" }, Cancelled);
        return folder;
    }

    /// <summary>Digits that hardly compress.</summary>
    private static byte[] Body(int number)
    {
        byte[] noise = new byte[100];
        new Random(number).NextBytes(noise);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(noise));
    }

    private static Node.Host.Spool.Spool Open(TemporaryFolder folder, TimeProvider? clock = null) => Node.Host.Spool.Spool.Open(
        new SpoolOptions { Path = folder.File("spool.db") }, "b1", clock ?? TimeProvider.System, NullLogger.Instance);
}
