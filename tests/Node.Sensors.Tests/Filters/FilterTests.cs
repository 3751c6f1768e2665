namespace Node.Sensors.Tests.Filters;

/// <summary>Golden values, worked out by hand from the descriptions at esphome.io/components/sensor/filter/.</summary>
public sealed class FilterTests
{
    private const double NaN = double.NaN;

    [Theory]
    [InlineData("""{"1_offset": -0.5}""", new[] { 20.0, 21.25 }, new[] { 19.5, 20.75 })]
    [InlineData("""{"1_offset": {"offset": 2}}""", new[] { 1.0, NaN }, new[] { 3.0, NaN })]
    [InlineData("""{"1_multiply": 1.5}""", new[] { 2.0, -4.0 }, new[] { 3.0, -6.0 })]
    [InlineData("""{"1_round": 1}""", new[] { 1.25, -1.25, 1.24, NaN }, new[] { 1.3, -1.3, 1.2, NaN })]
    [InlineData("""{"1_round": {"accuracy_decimals": 0}}""", new[] { 2.5, 3.5 }, new[] { 3.0, 4.0 })]
    [InlineData("""{"1_round_to_multiple_of": 10}""", new[] { 123.0, 126.0, -4.0, NaN }, new[] { 120.0, 130.0, 0.0, NaN })]
    [InlineData("""{"1_round_to_multiple_of": {"multiple": 0.25}}""", new[] { 1.3, 1.4 }, new[] { 1.25, 1.5 })]
    [InlineData("""{"1_round_to_significant_digits": 2}""", new[] { 12345.0, 0.012345, 0.0 }, new[] { 12000.0, 0.012, 0.0 })]
    [InlineData("""{"1_clamp": {"min_value": 10, "max_value": 75}}""", new[] { 5.0, 50.0, 80.0, NaN }, new[] { 10.0, 50.0, 75.0, 10.0 })]
    [InlineData("""{"1_clamp": {"min_value": 10, "max_value": 75, "ignore_out_of_range": true}}""", new[] { 5.0, 50.0, 80.0, NaN }, new[] { 50.0 })]
    [InlineData("""{"1_clamp": {"max_value": 75}}""", new[] { -500.0, 80.0 }, new[] { -500.0, 75.0 })]
    [InlineData("""{"1_skip_initial": 2}""", new[] { 1.0, 2.0, 3.0, 4.0 }, new[] { 3.0, 4.0 })]
    [InlineData("""{"1_filter_out": 85.0}""", new[] { 85.0, 84.9, 85.004, 85.01 }, new[] { 84.9, 85.01 })]
    [InlineData("""{"1_filter_out": "nan; 0"}""", new[] { NaN, 1.0, 0.0, 2.0 }, new[] { 1.0, 2.0 })]
    [InlineData("""{"1_filter_out": {"value": 85, "accuracy_decimals": 0}}""", new[] { 85.4, 85.6 }, new[] { 85.6 })]
    public void Each_value_alone(string chain, double[] given, double[] expected) => AssertClose(expected, ChainBench.Run(chain, given));

    [Theory]
    // Defaults: a window of 5, one result for every 5, the first one at once.
    [InlineData("""{"1_median": {}}""", new[] { 1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 }, new[] { 1.0, 4, 9 })]
    [InlineData("""{"1_median": {"window_size": 5, "send_every": 1}}""", new[] { 5.0, 1, 4, 100, 3 }, new[] { 5.0, 3, 4, 4.5, 4 })]
    [InlineData("""{"1_median": {"window_size": 7, "send_every": 4, "send_first_at": 3}}""", new[] { 1.0, 2, 3, 4, 5, 6, 7 }, new[] { 2.0, 4 })]
    [InlineData("""{"1_median": {"window_size": 3, "send_every": 1}}""", new[] { NaN, 4, NaN, NaN, NaN }, new[] { NaN, 4, 4, 4, NaN })]
    [InlineData("""{"1_quantile": {"window_size": 10, "send_every": 10, "send_first_at": 10, "quantile": 0.9}}""", new[] { 10.0, 9, 8, 7, 6, 5, 4, 3, 2, 1 }, new[] { 9.0 })]
    [InlineData("""{"1_quantile": {"window_size": 4, "send_every": 4, "send_first_at": 4, "quantile": 0}}""", new[] { 4.0, 3, 2, 1 }, new[] { 1.0 })]
    [InlineData("""{"1_min": {"window_size": 3, "send_every": 1}}""", new[] { 3.0, 2, 4, 5, 6 }, new[] { 3.0, 2, 2, 2, 4 })]
    [InlineData("""{"1_max": {"window_size": 3, "send_every": 2}}""", new[] { 3.0, 2, 4, 1, 0 }, new[] { 3.0, 4, 4 })]
    [InlineData("""{"1_sliding_window_moving_average": {"window_size": 4, "send_every": 1}}""", new[] { 1.0, 2, 3, 6, 9 }, new[] { 1.0, 1.5, 2, 3, 5 })]
    [InlineData("""{"1_sliding_window_moving_average": {"window_size": 2, "send_every": 1}}""", new[] { 1.0, NaN, NaN, 4 }, new[] { 1.0, 1, NaN, 4 })]
    [InlineData("""{"1_exponential_moving_average": {"alpha": 0.5, "send_every": 1}}""", new[] { 10.0, 20, NaN, 20 }, new[] { 10.0, 15, NaN, 17.5 })]
    [InlineData("""{"1_exponential_moving_average": {"alpha": 0.1, "send_every": 3, "send_first_at": 2}}""", new[] { 10.0, 20, 10, 10, 20 }, new[] { 11.0, 11.729 })]
    public void Windows_and_averages(string chain, double[] given, double[] expected) => AssertClose(expected, ChainBench.Run(chain, given));

    [Theory]
    [InlineData("""{"1_delta": 2}""", new[] { 0.0, 2, 2.1, 0.1, 0 }, new[] { 0.0, 2.1, 0 })] // exactly 2.0 is not more than 2
    [InlineData("""{"1_delta": "10%"}""", new[] { 100.0, 109, 111, 123, 99 }, new[] { 100.0, 111, 123, 99 })]
    [InlineData("""{"1_delta": {"min_value": 0}}""", new[] { 1.0, 1, 1, 2, 2 }, new[] { 1.0, 2 })]
    [InlineData("""{"1_delta": {"min_value": 1, "max_value": 5}}""", new[] { 10.0, 12, 90, 13, 14, 19 }, new[] { 10.0, 12, 14, 19 })]
    [InlineData("""{"1_delta": {"max_value": "50%"}}""", new[] { 10.0, 16, 15, 22 }, new[] { 10.0, 15, 22 })]
    [InlineData("""{"1_delta": {"min_value": 2, "baseline": 20}}""", new[] { 20.0, 21, 23, 23, 17.5 }, new[] { 20.0, 23, 23, 17.5 })]
    [InlineData("""{"1_delta": 1}""", new[] { NaN, NaN, 5, NaN, 7 }, new[] { NaN, NaN, 5, 7 })]
    public void Delta(string chain, double[] given, double[] expected) => AssertClose(expected, ChainBench.Run(chain, given));

    [Theory]
    [InlineData("""{"1_calibrate_linear": {"datapoints": ["0.0 -> 0.5", "100 -> 99.5"]}}""", new[] { 0.0, 50, 100, 200, NaN }, new[] { 0.5, 50, 99.5, 198.5, NaN })]
    // Best fit through (0,1), (1,3), (2,4): slope 1.5, bias 7/6.
    [InlineData("""{"1_calibrate_linear": "0 -> 1; 1 -> 3; 2 -> 4"}""", new[] { 0.0, 2 }, new[] { 1.1666666666667, 4.1666666666667 })]
    [InlineData("""{"1_calibrate_linear": {"method": "exact", "datapoints": {"c": "2 -> 4", "a": "0 -> 1", "b": {"from": 1, "to": 3}}}}""", new[] { -1.0, 0.5, 1, 1.5, 3 }, new[] { -1.0, 2, 3, 3.5, 5 })]
    [InlineData("""{"1_calibrate_polynomial": {"degree": 2, "datapoints": "0 -> 1; 1 -> 2; 2 -> 5; 3 -> 10"}}""", new[] { 0.0, 1.5, 3, 10 }, new[] { 1.0, 3.25, 10, 101 })]
    [InlineData("""{"1_calibrate_polynomial": {"degree": 0, "datapoints": "3 -> 7"}}""", new[] { 3.0, 99 }, new[] { 7.0, 7 })]
    [InlineData("""{"1_calibrate_polynomial": {"degree": 3, "datapoints": "100000 -> 1; 100100 -> 8; 100200 -> 27; 100300 -> 64; 100400 -> 125"}}""", new[] { 100250.0 }, new[] { 42.875 })]
    public void Calibrations(string chain, double[] given, double[] expected) => AssertClose(expected, ChainBench.Run(chain, given));

    internal static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), static pair => Assert.Equal(pair.First, pair.Second, 6));
    }
}
