using System.Text.Json;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Sensors.Tests.Filters;

public sealed class FilterChainTests
{
    [Fact]
    public void Steps_follow_their_numbers_and_not_their_place()
    {
        Assert.Equal([22], ChainBench.Run("""{"100_offset": 2, "20_multiply": 2}""", 10));
        Assert.Equal([24], ChainBench.Run("""{"9_offset": 2, "20_multiply": 2}""", 10));
    }

    [Fact]
    public void A_step_that_a_patch_sets_to_null_is_gone() => Assert.Equal([20], ChainBench.Run("""{"10_offset": null, "20_multiply": 2}""", 10));

    [Theory]
    [InlineData("""{"20_median": {"window_size": 3, "send_every": 1}}""")]
    [InlineData("""{"20_median": "window_size=3, send_every=1"}""")]
    [InlineData("""{"20_median": {"window_size": "3", "send_every": "1", "send_first_at": 1}}""")]
    public void Each_way_of_writing_means_the_same(string json)
    {
        FilterStep step = Assert.Single(ChainBench.Settings(json).Steps);

        Assert.Equal("20_median(window_size=3, send_every=1, send_first_at=1)", step.ToString());
    }

    [Fact]
    public void A_list_as_in_ESPHome_is_read_in_its_order()
    {
        FilterChainSettings settings = ChainBench.Settings("""[{"offset": -2}, {"multiply": 1.2}, {"calibrate_linear": ["0 -> 0", "1 -> 2"]}]""");

        Assert.Equal(["offset", "multiply", "calibrate_linear"], settings.Steps.Select(static step => step.Kind));
    }

    [Fact]
    public void Flat_configuration_keys_read_like_JSON()
    {
        List<string> faults = [];
        Dictionary<string, string?> keys = new()
        {
            ["Temperature:10_offset"] = "-0.5",
            ["Temperature:20_MEDIAN:window_size"] = "5",
            ["Temperature:20_MEDIAN:send_every"] = "1",
            ["Temperature"] = null,
        };

        SensorFilterSettings read = SensorFilterSettings.Read(keys, "Node:Sensors:room:Filters", ["temperature", "humidity"], faults);

        Assert.Empty(faults);
        Assert.Equal("10_offset(offset=-0.5), 20_MEDIAN(window_size=5, send_every=1, send_first_at=1)", read["temperature"].ToString());
        Assert.Equal(["temperature"], read.Quantities);
        Assert.Empty(read["humidity"].Steps);
    }

    [Fact]
    public void A_quantity_that_the_sensor_lacks_is_refused_with_those_that_it_has()
    {
        List<string> faults = [];
        SensorFilterSettings.Read(JsonDocument.Parse("""{"pressure": {"1_offset": 1}}""").RootElement, "filters", ["temperature", "humidity"], faults);

        Assert.Equal(["filters.pressure: the sensor has no quantity 'pressure'; allowed is temperature or humidity"], faults);
    }

    [Theory]
    [InlineData("""{"10_offset": "much"}""", "filters.10_offset: 'much' is not allowed; allowed is a number from -1000000000000 to 1000000000000")]
    [InlineData("""{"10_offset": {}}""", "filters.10_offset: offset needs the parameter 'offset'")]
    [InlineData("""{"10_offset": "nan"}""", "filters.10_offset: 'nan' is not allowed")]
    [InlineData("""{"offset": 1}""", "filters.offset: 'offset' is no step; allowed is a number from 0 to 9999, '_' and a filter: calibrate_linear")]
    [InlineData("""{"10_ofset": 1}""", "filters.10_ofset: '10_ofset' is no step")]
    [InlineData("7", "filters: '7' is not allowed; allowed is a map of steps")]
    [InlineData("""{"1_median": {"window_size": 0}}""", "filters.1_median.window_size: '0' is not allowed; allowed is a whole number from 1 to 10000")]
    [InlineData("""{"1_median": {"windowsize": 3}}""", "filters.1_median.windowsize: 'windowsize' is no parameter of median; allowed is send_every, send_first_at, window_size")]
    [InlineData("""{"1_median": {"send_every": 2, "send_first_at": 3}}""", "filters.1_median: send_first_at is 3; allowed is 1 to send_every, which is 2")]
    [InlineData("""{"1_quantile": {"quantile": 1.5}}""", "filters.1_quantile.quantile: '1.5' is not allowed; allowed is a number from 0 to 1")]
    [InlineData("""{"1_clamp": {}}""", "filters.1_clamp: clamp needs min_value, max_value or both")]
    [InlineData("""{"1_clamp": {"min_value": 5, "max_value": 4}}""", "filters.1_clamp: min_value is 5 and max_value 4")]
    [InlineData("""{"1_clamp": {"min_value": 5, "ignore_out_of_range": "maybe"}}""", "filters.1_clamp.ignore_out_of_range: 'maybe' is not allowed; allowed is true or false")]
    [InlineData("""{"1_delta": {}}""", "filters.1_delta: delta needs min_value, max_value or both")]
    [InlineData("""{"1_delta": "-1%"}""", "filters.1_delta: '-1%' is not allowed")]
    [InlineData("""{"1_throttle": "10"}""", "filters.1_throttle: '10' is not allowed; allowed is a duration with its unit, such as 500ms, 10s, 5min, 1h or 1d, from 1ms to 30d")]
    [InlineData("""{"1_throttle": {}}""", "filters.1_throttle: throttle needs the parameter 'throttle'")]
    [InlineData("""{"1_heartbeat": "31d"}""", "filters.1_heartbeat: '31d' is not allowed")]
    [InlineData("""{"1_calibrate_linear": "0 -> 1"}""", "filters.1_calibrate_linear: has 1 datapoints; allowed are 2 to 64")]
    [InlineData("""{"1_calibrate_linear": ["0 -> 1", "1 = 2"]}""", "filters.1_calibrate_linear")]
    [InlineData("""{"1_calibrate_linear": {"method": "exact", "datapoints": "1 -> 1; 1 -> 2"}}""", "filters.1_calibrate_linear: two datapoints have the same 'from'")]
    [InlineData("""{"1_calibrate_linear": {"datapoints": "1 -> 1; 1 -> 2"}}""", "filters.1_calibrate_linear: all datapoints have the same 'from'")]
    [InlineData("""{"1_calibrate_polynomial": {"degree": 2, "datapoints": "1 -> 1; 2 -> 2"}}""", "filters.1_calibrate_polynomial: degree is 2; allowed with 2 different datapoints is 0 to 1")]
    [InlineData("""{"1_filter_out": {}}""", "filters.1_filter_out: needs the parameter 'value'")]
    [InlineData("""{"1_or": {}}""", "filters.1_or: or needs at least one filter")]
    [InlineData("""{"1_or": {"1_offset": "x"}}""", "filters.1_or.1_offset: 'x' is not allowed")]
    [InlineData("""{"1_or": {"1_or": {"1_or": {"1_or": {"1_offset": 1}}}}}""", "filters.1_or.1_or.1_or: too many")]
    public void A_fault_names_place_value_and_what_is_allowed(string json, string expected)
    {
        IReadOnlyList<string> faults = ChainBench.Faults(json);

        Assert.NotEmpty(faults);
        Assert.StartsWith(expected, faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_steps_are_refused()
    {
        string steps = string.Join(",", Enumerable.Range(1, 33).Select(static number => $"\"{number}_offset\": 1"));

        Assert.StartsWith("filters: too many", Assert.Single(ChainBench.Faults("{" + steps + "}")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_keeps_what_unchanged_steps_have_gathered()
    {
        ChainBench bench = new("""{"10_offset": 0, "20_sliding_window_moving_average": {"window_size": 4, "send_every": 1}, "30_skip_initial": 2}""");
        foreach (double value in (double[])[1, 2, 3]) { bench.Push(value, value); }

        bench.Apply("""{"10_offset": 100, "20_sliding_window_moving_average": {"window_size": 4, "send_every": 1}}""", 3);
        bench.Push(4, 4);
        bench.Apply("""{"20_sliding_window_moving_average": {"window_size": 3, "send_every": 1}}""", 4);
        bench.Push(5, 5);

        Assert.Equal([2, (1 + 2 + 3 + 104) / 4.0, 5], bench.Values); // the third step began afresh: its window is another one
        Assert.Equal("20_sliding_window_moving_average", Assert.Single(bench.Chain.Settings.Steps).Key);
    }

    [Fact]
    public void No_input_makes_the_reader_throw()
    {
        Random random = new(7);
        string[] atoms = ["{", "}", "[", "]", ",", ":", "\"1_median\"", "\"2_or\"", "\"window_size\"", "1", "-3e400", "null", "true", "\"10s\"", "\"a=b,c\"", "\"->\"", "\"1_calibrate_linear\"", "\"datapoints\"", "\"1 -> 2; \"", "\"1_delta\"", "\"%\""];
        int read = 0;
        for (int round = 0; round < 20_000; round++)
        {
            string json = "{" + atoms[6 + random.Next(2)] + ":" + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => atoms[random.Next(atoms.Length)])) + "}";
            if (TryParse(json) is not { } document) { continue; }

            read++;
            List<string> faults = [];
            FilterChainSettings settings = FilterChainSettings.Read(document.RootElement, "filters", faults);
            if (faults.Count == 0) { new FilterChain(settings, TimeSpan.Zero).Push(1, TimeSpan.Zero, []); }
        }

        Assert.True(read > 100, "The generator brings hardly any valid JSON.");
    }

    [Fact]
    public void A_value_outside_its_limits_is_marked()
    {
        ValueMonitor monitor = new(ValueMonitorSettings.Of(new Quantity("temperature", "degreeCelsius", -40, 85)));

        Assert.Equal(ValueQuality.Good, monitor.Judge(85, TimeSpan.Zero));
        Assert.Equal(ValueQuality.OutOfRange, monitor.Judge(85.1, TimeSpan.Zero));
        Assert.Equal(ValueQuality.OutOfRange, monitor.Judge(-41, TimeSpan.Zero));
        Assert.Equal(ValueQuality.Unknown, monitor.Judge(double.NaN, TimeSpan.Zero));
    }

    [Fact]
    public void A_value_that_stands_still_is_marked_after_so_many_readings_or_so_long()
    {
        ValueMonitor byCount = new(new ValueMonitorSettings { StuckReadings = 3, Maximum = 10 });
        ValueMonitor byTime = new(new ValueMonitorSettings { StuckAfter = TimeSpan.FromMinutes(1), StuckTolerance = 0.1 });

        double[] quick = [5, 5, 5, 5, 6, 11, 11, 11];
        ValueQuality[] counted = [.. quick.Select(value => byCount.Judge(value, TimeSpan.Zero))];
        (double Value, int Second)[] slow = [(1, 0), (1.05, 59), (0.95, 60), (2, 61), (2, 100), (2, 121)];
        ValueQuality[] timed = [.. slow.Select(one => byTime.Judge(one.Value, TimeSpan.FromSeconds(one.Second)))];

        Assert.Equal([ValueQuality.Good, ValueQuality.Good, ValueQuality.Stuck, ValueQuality.Stuck, ValueQuality.Good,
            ValueQuality.OutOfRange, ValueQuality.OutOfRange, ValueQuality.OutOfRange | ValueQuality.Stuck], counted);
        Assert.Equal([ValueQuality.Good, ValueQuality.Good, ValueQuality.Stuck, ValueQuality.Good, ValueQuality.Good, ValueQuality.Stuck], timed);
    }

    [Fact]
    public void Limits_are_read_with_the_chips_range_behind_them()
    {
        Quantity quantity = new("temperature", "degreeCelsius", -40, 85);
        List<string> faults = [];

        ValueMonitorSettings read = ValueMonitorSettings.Read(new Dictionary<string, string?> { ["max_value"] = "40", ["stuck_after"] = "1h" }, "Limits", quantity, faults);
        ValueMonitorSettings.Read(JsonDocument.Parse("""{"min_value": 90, "stuck_readings": 1}""").RootElement, "limits", quantity, faults);

        Assert.Equal(new ValueMonitorSettings { Minimum = -40, Maximum = 40, StuckAfter = TimeSpan.FromHours(1) }, read);
        Assert.Equal(["limits.stuck_readings: '1' is not allowed; allowed is a whole number from 2 to 1000000", "limits: min_value is 90 and max_value 85; allowed is a min_value that is not larger"], faults);
    }

    private static JsonDocument? TryParse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
