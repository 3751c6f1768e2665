using System.Text.Json.Nodes;
using Node.Host.Logging;
using Node.Host.Sensing;
using Node.Sensors.Emulation;

namespace Node.Host.Tests.Endurance;

/// <summary>
/// A day and a night of every sensor with everything going wrong: real drivers, emulated chips with every kind of fault, hub outages, changed
/// settings, on virtual time from one seed. In half a minute.
/// </summary>
[Collection(AloneInMemory.Name)]
public sealed class RoughDayTests
{
    private const double MostGrowth = 1.25; // Managed bytes after a full collection, hour 24 to hour 2.
    private const int MostTimers = 2_000;
    private const long MostDatabaseBytes = 16L << 20;
    private const long MostLogBytes = 6L << 20; // SQLite's own 1,000 pages and a commit.

    private static readonly TimeSpan Warm = TimeSpan.FromHours(2);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>After a fault, until the sensor must be read again, besides two intervals: the longest pause, a timeout, an initialisation.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1)]
    public Task Through_24_hours_of_faults_outages_and_new_settings_nothing_grows_nothing_stalls_and_every_reading_arrives_once(int seed) =>
        Task.Run(() => RunAsync(seed), TestContext.Current.CancellationToken); // Off the test framework's context: what the clock sets off then runs at once.

    private static async Task RunAsync(int seed)
    {
        using var day = new RoughDay(seed);
        List<string> unexplained = NoteUnexplained(day);
        await day.RunUntilAsync(Warm);
        long warm = GC.GetTotalMemory(forceFullCollection: true);
        for (TimeSpan hour = Warm; hour <= Day; hour += TimeSpan.FromHours(1))
        {
            await day.RunUntilAsync(hour);
            Assert.True(day.Time.Queued < MostTimers, $"{day.Time.Queued} timers after {hour}");
            Assert.InRange(day.SpoolBytes.Database, 1, MostDatabaseBytes);
            Assert.InRange(day.SpoolBytes.Log, 0, MostLogBytes);
        }

        long late = GC.GetTotalMemory(forceFullCollection: true);
        await day.DrainAsync();

        Assert.Equal(Enum.GetValues<BusFaultKind>(), day.Board.Suffered.Keys.Order());
        Assert.True(day.Hub is { Outages: > 5, Repeated: > 0, Batches: > 100 }, "the day was not rough");
        Assert.True(late < warm * MostGrowth, $"{warm >> 10} KiB after 2 hours, {late >> 10} KiB after 24");
        Assert.Equal(LogRing.MostEntries, day.Logs.Entries.Count);
        Assert.Empty(unexplained);
        AssertNothingLost(day);
        AssertConverged(day);
        Assert.InRange(day.SpoolBytes.Database, 1, 1L << 20); // What an outage filled was given back.
    }

    /// <summary>A sample that brings nothing although chip, bus and multiplexer have been well for long enough.</summary>
    private static List<string> NoteUnexplained(RoughDay day)
    {
        var unexplained = new List<string>();
        foreach (SensorPace pace in day.Paces)
        {
            SensorChannel sensor = pace.Channel;
            pace.Unsuccessful = began =>
            {
                if (day.Board.WellFor(sensor.Name) > Recovery + (2 * sensor.Setting.Interval) && unexplained.Count < 20)
                {
                    unexplained.Add($"{sensor.Name} at {began}, well for {day.Board.WellFor(sensor.Name)}: {sensor.Status.Reason}");
                }
            };
        }

        return unexplained;
    }

    private static void AssertNothingLost(RoughDay day)
    {
        SensorPace steady = day.Paces.First(pace => pace.Channel.Name == "steady");
        Assert.Equal((steady.Samples, 0), (steady.Readings, steady.Channel.Restarts));
        Assert.InRange(steady.Samples, (int)(Day / TimeSpan.FromSeconds(90)), (int)(Day / TimeSpan.FromSeconds(20)));
        Assert.Equal(day.Paces.ToDictionary(pace => pace.Channel.Name, pace => pace.Readings), day.Hub.Arrivals);
        Assert.All(day.Paces, pace => Assert.True(pace.Readings > 100, $"{pace.Channel.Name} gave {pace.Readings} readings"));
        long stored = day.Spool.Statistics.AppendedTotal;
        Assert.Equal((stored, 0, 0), (day.Readings.Readings, day.Readings.Lost, day.Spool.Statistics.Depth));
        Assert.Equal(stored, day.Hub.Arrivals.Values.Sum() + day.Hub.Alarms);
        Assert.DoesNotContain(false, Enumerable.Range(1, (int)stored).Select(sequence => day.Hub.Has(sequence)));
        Assert.Equal(0, day.Hub.Doubled);
    }

    private static void AssertConverged(RoughDay day)
    {
        Assert.Equal((int)day.Hub.Desired["$version"]!, (int)day.Hub.Reported["lastDesiredVersion"]!);
        foreach (SensorPace pace in day.Paces)
        {
            JsonNode reported = day.Hub.Reported[pace.Channel.Name]!;
            Assert.Equal(System.Xml.XmlConvert.ToString(pace.Channel.Setting.Interval), (string)reported["interval"]!["value"]!);
            if (day.Hub.Desired[pace.Channel.Name]?["interval"] is { } interval && (string)interval! != "never")
            {
                Assert.Equal((string)interval!, (string)reported["interval"]!["value"]!);
            }
        }
    }
}
