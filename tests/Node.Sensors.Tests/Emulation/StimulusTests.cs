using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class StimulusTests
{
    [Fact]
    public void Curves_are_what_their_names_say()
    {
        Assert.Equal(5, Stimulus.Constant(5).At(TimeSpan.FromDays(9)));
        Assert.Equal(15, Stimulus.Ramp(10, 20, TimeSpan.FromSeconds(10)).At(TimeSpan.FromSeconds(5)), 9);
        Assert.Equal(20, Stimulus.Ramp(10, 20, TimeSpan.FromSeconds(10)).At(TimeSpan.FromSeconds(50)), 9);
        Assert.Equal(22, Stimulus.Sine(20, 2, TimeSpan.FromSeconds(40)).At(TimeSpan.FromSeconds(10)), 9);
        Assert.Equal(1, Stimulus.Constant(5).Plus(Stimulus.Constant(-9)).Within(1, 2).At(default), 9);
    }

    [Fact]
    public void Noise_is_bounded_smooth_and_repeats_with_its_seed()
    {
        Stimulus noise = Stimulus.Noise(2, TimeSpan.FromSeconds(1), seed: 7);
        double[] values = [.. Enumerable.Range(0, 1_000).Select(step => noise.At(TimeSpan.FromMilliseconds(100 * step)))];

        Assert.All(values, value => Assert.InRange(value, -2, 2));
        Assert.Equal(values, Enumerable.Range(0, 1_000).Select(step => Stimulus.Noise(2, TimeSpan.FromSeconds(1), 7).At(TimeSpan.FromMilliseconds(100 * step))));
        Assert.NotEqual(values[5], Stimulus.Noise(2, TimeSpan.FromSeconds(1), 8).At(TimeSpan.FromMilliseconds(500)));
        Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 0.5));
        Assert.True(values.Max() - values.Min() > 2);
    }

    [Fact]
    public void A_trace_is_interpolated_sped_up_and_begun_again()
    {
        CsvTrace trace = Parse("date,Temperature\n2026-01-01 00:00:00,10\n2026-01-01 00:01:00,20\n2026-01-01 00:02:00,0\n");

        Assert.Equal(15, trace.TryColumn("temperature")!.At(TimeSpan.FromSeconds(30)), 9);
        Assert.Equal(20, trace.TryColumn("Temperature", speed: 60)!.At(TimeSpan.FromSeconds(1)), 9);
        Assert.Equal(15, trace.TryColumn("Temperature")!.At(TimeSpan.FromSeconds(150)), 9);
        Assert.Null(trace.TryColumn("Light"));
    }

    [Theory]
    [InlineData("", "line 1: the file is empty")]
    [InlineData("a,b\n", "line 1: the header has no column 'date'")]
    [InlineData("date,T\n2026-01-01 00:00:00,1\n", "at least two rows")]
    [InlineData("date,T\n2026-01-01 00:00:00,1\nyesterday,2\n", "line 3: 'yesterday' is not a date")]
    [InlineData("date,T\n2026-01-01 00:00:00,1\n2026-01-01 00:00:00,2\n", "line 3: '2026-01-01 00:00:00' is not later")]
    [InlineData("date,T\n2026-01-01 00:00:00,warm\n", "line 2: 'warm' in column 'T' is not a number")]
    [InlineData("date,T\n2026-01-01 00:00:00,NaN\n", "line 2: 'NaN'")]
    [InlineData("date,T\n2026-01-01 00:00:00,1,2,3\n", "line 2: 4 fields where the header has 2")]
    [InlineData("date,T,t\n", "two columns have the same name")]
    [InlineData("date,T\n\"2026,1\n", "quotation mark")]
    public void A_bad_trace_is_refused_with_its_line(string text, string expected)
    {
        InvalidDataException thrown = Assert.Throws<InvalidDataException>(() => Parse(text));

        Assert.StartsWith("room.csv line ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recorded_office_is_read_where_it_is_at_hand()
    {
        string? path = FindOffice();
        Assert.SkipWhen(path is null, "the recorded office room is not at hand");

        CsvTrace office = CsvTrace.Load(path!);
        Ambient room = Ambient.FromTrace(office);

        Assert.Equal(2_665, office.RowCount);
        Assert.Equal(23.7, room.TemperatureCelsius.At(default), 9);
        Assert.Equal(26.272, room.HumidityPercent.At(default), 9);
        Assert.InRange(room.PressurePascals.At(default), 95_000, 107_000); // the record has none: generated
    }

    [Fact]
    public void The_generated_room_stays_liveable()
    {
        Ambient room = GeneratedRoom.Create(3);
        for (int minute = 0; minute < 3 * 24 * 60; minute++)
        {
            TimeSpan at = TimeSpan.FromMinutes(minute);
            Assert.InRange(room.TemperatureCelsius.At(at), 15, 30);
            Assert.InRange(room.HumidityPercent.At(at), 20, 80);
            Assert.InRange(room.PressurePascals.At(at), 95_000, 107_000);
        }
    }

    private static CsvTrace Parse(string text) => CsvTrace.Parse(new StringReader(text), "room.csv");

    private static string? FindOffice()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string candidate = Path.Combine(folder, "shared", "data", "office", "office-2015-02-02.csv");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
