using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class CsvTraceTests
{
    private const string Good = """
        "date","Temperature","CO2"
        "1","2015-02-02 14:19:00",20,400
        "2","2015-02-02 14:20:00",22,500

        "3","2015-02-02 14:22:00",21,600
        """;

    [Theory, InlineData(0, 20), InlineData(30, 21), InlineData(60, 22), InlineData(120, 21.5), InlineData(180, 20), InlineData(210, 21)]
    public void Values_lie_on_straight_lines_and_begin_again_at_the_end(double seconds, double expected)
    {
        Stimulus column = Parse(Good).TryColumn("temperature")!;

        Assert.Equal(expected, column.At(TimeSpan.FromSeconds(seconds)), 6);
    }

    [Fact]
    public void Speed_lets_the_trace_pass_faster()
    {
        Stimulus column = Parse(Good).TryColumn("CO2", speed: 60)!;

        Assert.Equal(450, column.At(TimeSpan.FromSeconds(0.5)), 6);
        Assert.Equal(550, column.At(TimeSpan.FromSeconds(2)), 6);
    }

    [Fact]
    public void A_world_takes_what_the_trace_has_and_makes_up_the_rest()
    {
        Ambient world = Ambient.FromTrace(Parse(Good));

        Assert.Equal(21, world.TemperatureCelsius.At(TimeSpan.FromSeconds(30)), 6);
        Assert.Equal(450, world.CarbonDioxidePpm.At(TimeSpan.FromSeconds(30)), 6);
        Assert.InRange(world.PressurePascals.At(TimeSpan.Zero), 100_000, 102_600);
        Assert.Null(Parse(Good).TryColumn("Pressure"));
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("time,a\n", 1, "'date'")]
    [InlineData("date\n", 1, "2 to 100")]
    [InlineData("date,a,A\n", 1, "same name")]
    [InlineData("date,a\n2015-02-02 14:19:00,1\n", 2, "two rows")]
    [InlineData("date,a\n2015-02-02 14:19:00,1,2,3\n", 2, "4 fields where the header has 2")]
    [InlineData("date,a\n2015-02-02 14:19:00,1\n2015-02-02 14:20:00\n", 3, "1 fields")]
    [InlineData("date,a\nyesterday,1\n", 2, "'yesterday'")]
    [InlineData("date,a\n2015-02-02 14:19:00,warm\n", 2, "'warm' in column 'a'")]
    [InlineData("date,a\n2015-02-02 14:19:00,NaN\n", 2, "'NaN'")]
    [InlineData("date,a\n2015-02-02 14:19:00,1\n2015-02-02 14:19:00,2\n", 3, "not later")]
    [InlineData("date,a\n\"2015-02-02 14:19:00,1\n", 2, "quotation mark")]
    public void A_bad_file_is_refused_with_line_and_reason(string text, int line, string reason)
    {
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => Parse(text));

        Assert.StartsWith($"trace.csv line {line}: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(-1), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void A_speed_that_is_no_speed_is_refused(double speed) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Parse(Good).TryColumn("Temperature", speed));

    [Fact]
    public void Random_bytes_are_refused_and_never_crash()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Random random = new(seed);
            char[] text = [.. Enumerable.Range(0, random.Next(200)).Select(_ => "date,\"\n12-: a\u0000é"[random.Next(15)])];

            Assert.Throws<InvalidDataException>(() => Parse(new string(text)));
        }
    }

    [Fact]
    public void The_office_trace_is_read_whole()
    {
        string? path = FindOfficeTrace();
        Assert.SkipWhen(path is null, "The recorded office trace is not on this machine; the generated room stands in for it.");

        CsvTrace trace = CsvTrace.Load(path!);

        Assert.Equal(2665, trace.RowCount);
        Assert.Equal(new TimeSpan(1, 20, 24, 0), trace.Duration);
        Assert.Equal(23.7, trace.TryColumn("Temperature")!.At(TimeSpan.Zero));
        Assert.Equal(26.29, trace.TryColumn("Humidity")!.At(TimeSpan.FromSeconds(59)), 6);
        Assert.Equal(760.4, trace.TryColumn("CO2")!.At(TimeSpan.FromSeconds(59)), 6);
        Assert.Equal(585.2, trace.TryColumn("Light")!.At(TimeSpan.Zero));
    }

    private static CsvTrace Parse(string text) => CsvTrace.Parse(new StringReader(text), "trace.csv");

    private static string? FindOfficeTrace()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "..", "shared", "data", "office", "office-2015-02-02.csv");
            if (File.Exists(candidate)) { return candidate; }
        }

        return null;
    }
}
