using System.Text;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Host.Tests.Sensing;

public sealed class ReadingPipelineTests
{
    private static readonly Quantity Temperature = new("temperature", "degreeCelsius", -40, 85);
    private static readonly Quantity Humidity = new("humidity", "percent", 0, 100);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void A_filtered_value_goes_out_beside_its_raw_one()
    {
        ReadingPipeline pipeline = Pipeline(("temperature:10_offset", "-0.5"));

        JudgedReading reading = pipeline.Work(Reading(21.234567, 40)).Latest;

        Assert.Equal((20.73, 21.2346), (reading.Values[0].Shown, reading.Values[0].ShownRaw));
        Assert.Equal("""{"temperature":20.73,"humidity":40}""", Body(reading));
    }

    [Fact]
    public void What_is_held_back_is_left_out_and_the_rest_goes_out()
    {
        ReadingPipeline pipeline = Pipeline(("temperature:10_delta", "1"));
        pipeline.Work(Reading(20, 40));

        Assert.Equal("""{"humidity":41}""", Body(pipeline.Work(Reading(20.5, 41)).Latest));
        Assert.Equal("""{"temperature":21.5,"humidity":42}""", Body(pipeline.Work(Reading(21.5, 42)).Latest));
    }

    [Fact]
    public void A_reading_that_is_held_back_whole_does_not_go_out_and_shows_its_raw_values()
    {
        ReadingPipeline pipeline = Pipeline(("temperature:10_delta", "1"), ("humidity:10_throttle", "1h"));
        pipeline.Work(Reading(20, 40));

        PipelineOutput output = pipeline.Work(Reading(20.5, 41));

        Assert.Empty(output.Out);
        Assert.False(output.Latest.GoesOut);
        Assert.Equal([20.5, 41], output.Latest.Values.Select(value => value.Raw));
    }

    [Fact]
    public void A_heartbeat_brings_the_value_out_between_samples_and_says_when_it_is_stale()
    {
        ReadingPipeline pipeline = Pipeline(("temperature:10_heartbeat", "10s"), ("humidity:10_delta", "5"));
        pipeline.Work(Reading(20, 40));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(pipeline.Advance(isStale: false));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("""{"temperature":20}""", Body(Assert.Single(pipeline.Advance(isStale: false))));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("""{"temperature":20,"quality":{"temperature":"stale"}}""", Body(Assert.Single(pipeline.Advance(isStale: true))));
    }

    [Fact]
    public void A_value_that_a_filter_calls_unknown_is_named_and_has_no_number()
    {
        ReadingPipeline pipeline = Pipeline(("temperature:10_filter_out", "99"), ("temperature:20_timeout", "10s"), ("humidity:10_delta", "5"));
        pipeline.Work(Reading(20, 40));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("""{"quality":{"temperature":"stale"}}""", Body(Assert.Single(pipeline.Advance(isStale: false))));
    }

    [Fact]
    public void Values_outside_their_limits_and_values_that_stand_still_are_marked()
    {
        var plausible = new ValueMonitorSettings { Minimum = 0, Maximum = 30, StuckAfter = TimeSpan.FromMinutes(1) };
        ReadingPipeline pipeline = Pipeline([new QuantityOptions { Name = "temperature", Plausible = plausible }]);

        Assert.Equal("""{"temperature":99,"humidity":40,"quality":{"temperature":"outOfRange"}}""", Body(pipeline.Work(Reading(99, 40)).Latest));
        Assert.Equal("""{"temperature":20,"humidity":40}""", Body(pipeline.Work(Reading(20, 40)).Latest));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("""{"temperature":20,"humidity":40,"quality":{"temperature":"stuck"}}""", Body(pipeline.Work(Reading(20, 40)).Latest));
        Assert.Equal("""{"temperature":20.1,"humidity":40}""", Body(pipeline.Work(Reading(20.1, 40)).Latest));
    }

    [Theory]
    [InlineData(20, 40, "good")]
    [InlineData(99, 40, "outOfRange")]
    [InlineData(99, 140, "outOfRange")]
    public async Task The_message_says_the_worst_quality_of_its_values(double temperature, double humidity, string expected)
    {
        ReadingPipeline pipeline = Pipeline([new QuantityOptions { Name = "temperature", Plausible = new ValueMonitorSettings { Minimum = -20, Maximum = 50 } }]);
        string worst = QualityName.Of(pipeline.Work(Reading(temperature, humidity)).Latest.Quality);
        using var node = new TestNode();
        await node.Spool.AppendAsync(
            new SpoolEntry("climate", TestNode.Start, true, 0, "{}"u8.ToArray()) { Quality = worst }, TestContext.Current.CancellationToken);

        node.Connect();

        Assert.Equal(expected, Assert.Single(node.Client.Sent).Properties.Single(property => property.Key == "quality").Value);
    }

    [Theory]
    [InlineData("volt", 0.25, 3.3, 0.1234567, 0.123457)]
    [InlineData("gForce", -2, 2, 0.0000610351, 0.00006)]
    [InlineData("lux", 0, 100_000, 1234.567, 1234.57)]
    [InlineData("partsPerMillion", 0, 40_000, 512.4, 512)]
    [InlineData("kilopascal", 30, 110, 100.65327, 100.653)]
    [InlineData("furlong", 0, 10, 1.23456789, 1.2346)]
    public void A_value_has_the_digits_that_its_unit_deserves(string unit, double minimum, double maximum, double raw, double shown)
    {
        var quantity = new Quantity("q", unit, minimum, maximum);
        var options = new SensorOptions { Name = "s", Chip = "X" };

        JudgedValue value = new ReadingPipeline(options, SensorFilterSettings.None, _time).Work(new SensorReading([new QuantityValue(quantity, raw)])).Latest.Values[0];

        Assert.Equal(shown, value.Shown);
    }

    [Fact]
    public async Task Readings_that_filters_hold_back_are_counted_and_not_spooled()
    {
        using var node = new TestNode(null, ["climate"], options => options with
        {
            Filters = FilterMap.Read(new Dictionary<string, string> { ["temperature:10_delta"] = "1", ["pressure:10_delta"] = "1" }, "f", options.QuantityNames, []),
        });

        for (int i = 0; i < 5; i++)
        {
            node.Chips["climate"].Celsius = 20 + (i * 0.4); // 20, 20.4, 20.8, 21.2 and 21.6: the first and the fourth go out.
            await node.SampleAsync(Cancelled);
        }

        var taken = new List<SpooledMessage>();
        node.Spool.TakeUnsent(taken, 100);
        Assert.Equal(["""{"temperature":20,"pressure":100.65}""", """{"temperature":21.2}"""], taken.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal((2L, 3L), (node.Readings.Readings, node.Climate.FilteredOut));
    }

    private static SensorReading Reading(double celsius, double percent) => new([new QuantityValue(Temperature, celsius), new QuantityValue(Humidity, percent)]);

    private static string Body(JudgedReading reading) => Encoding.UTF8.GetString(ReadingBody.Write(reading));

    private ReadingPipeline Pipeline(params (string Key, string? Value)[] filters)
    {
        var faults = new List<string>();
        var settings = SensorFilterSettings.Read(filters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)), "Filters", ["temperature", "humidity"], faults);
        Assert.Empty(faults);
        return new ReadingPipeline(new SensorOptions { Name = "s", Chip = "X" }, settings, _time);
    }

    private ReadingPipeline Pipeline(QuantityOptions[] quantities) => new(
        new SensorOptions { Name = "s", Chip = "X", Quantities = quantities.ToDictionary(each => each.Name) }, SensorFilterSettings.None, _time);
}
