using System.Diagnostics;

namespace Node.Sensors.Filters;

/// <summary>Each filter's name and parameters, as ESPHome has them: esphome.io/components/sensor/filter/.</summary>
internal static class FilterKinds
{
    private const int LargestWindow = 10_000;

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "calibrate_linear", "calibrate_polynomial", "clamp", "debounce", "delta", "exponential_moving_average", "filter_out", "heartbeat", "max",
        "median", "min", "multiply", "offset", "or", "quantile", "round", "round_to_multiple_of", "round_to_significant_digits", "skip_initial",
        "sliding_window_moving_average", "throttle", "throttle_average", "throttle_with_priority", "timeout",
    };

    public static IReadOnlySet<string> Names => Known;

    /// <summary>Reads the parameters of a known filter.</summary>
    /// <returns>What makes such a filter; of use only when the reader found no fault.</returns>
    public static Func<TimeSpan, Filter> Read(string kind, StepReader reader) =>
        ReadWindow(kind, reader) ?? ReadTimed(kind, reader) ?? ReadCalibration(kind, reader) ?? ReadGate(kind, reader) ?? throw new UnreachableException(kind);

    private static Func<TimeSpan, Filter>? ReadWindow(string kind, StepReader reader) => kind switch
    {
        "median" => Window(reader, 5, WindowStatistics.Median),
        "quantile" => Quantile(reader),
        "min" => Window(reader, 5, WindowStatistics.Minimum),
        "max" => Window(reader, 5, WindowStatistics.Maximum),
        "sliding_window_moving_average" => Window(reader, 15, WindowStatistics.Mean),
        "exponential_moving_average" => ExponentialAverage(reader),
        _ => null,
    };

    private static Func<TimeSpan, Filter>? ReadTimed(string kind, StepReader reader)
    {
        switch (kind)
        {
            case "throttle":
                TimeSpan gap = reader.Duration("throttle");
                return _ => new ThrottleFilter(gap, []);
            case "throttle_with_priority":
                (TimeSpan pause, double[] urgent) = (reader.Duration("timeout"), ValueList(reader, "value", double.NaN));
                return _ => new ThrottleFilter(pause, urgent);
            case "throttle_average":
                TimeSpan window = reader.Duration("throttle_average");
                return now => new ThrottleAverageFilter(window, now);
            case "debounce":
                TimeSpan quiet = reader.Duration("debounce");
                return _ => new DebounceFilter(quiet);
            case "heartbeat":
                (TimeSpan period, bool optimistic) = (reader.Duration("period"), reader.Flag("optimistic", false));
                return now => new HeartbeatFilter(period, optimistic, now);
            case "timeout":
                (TimeSpan limit, double? value) = (reader.Duration("timeout"), TimeoutValue(reader));
                return _ => new TimeoutFilter(limit, value);
            default:
                return null;
        }
    }

    private static Func<TimeSpan, Filter>? ReadCalibration(string kind, StepReader reader)
    {
        switch (kind)
        {
            case "offset":
                double offset = reader.Number("offset", isMain: true);
                return _ => new MappingFilter(value => value + offset);
            case "multiply":
                double factor = reader.Number("multiply", isMain: true);
                return _ => new MappingFilter(value => value * factor);
            case "calibrate_linear":
                return CalibrationReader.ReadLinear(reader);
            case "calibrate_polynomial":
                return CalibrationReader.ReadPolynomial(reader);
            case "round":
                int decimals = reader.Integer("accuracy_decimals", null, 0, 12, isMain: true);
                return _ => new MappingFilter(value => Rounding.ToDecimals(value, decimals));
            case "round_to_multiple_of":
                double multiple = reader.Number("multiple", minimum: 1e-9, isMain: true);
                return _ => new MappingFilter(value => Rounding.ToMultiple(value, multiple));
            case "round_to_significant_digits":
                int digits = reader.Integer("digits", null, 1, 15, isMain: true);
                return _ => new MappingFilter(value => Rounding.ToSignificantDigits(value, digits));
            default:
                return null;
        }
    }

    private static Func<TimeSpan, Filter>? ReadGate(string kind, StepReader reader)
    {
        switch (kind)
        {
            case "clamp":
                return Clamp(reader);
            case "delta":
                return DeltaReader.Read(reader);
            case "skip_initial":
                int count = reader.Integer("skip_initial", null, 1, 1_000_000, isMain: true);
                return _ => new SkipInitialFilter(count);
            case "filter_out":
                (double[] values, int decimals) = (ValueList(reader, "value", null), reader.Integer("accuracy_decimals", 2, 0, 12));
                return _ => new FilterOutFilter(values, decimals);
            case "or":
                IReadOnlyList<FilterStep> steps = Alternatives(reader);
                return now => new OrFilter([.. steps.Select(step => step.Start(now))]);
            default:
                return null;
        }
    }

    private static Func<TimeSpan, Filter> Window(StepReader reader, int size, Func<Span<double>, double> statistic)
    {
        (int window, int every, int first) = (reader.Integer("window_size", size, 1, LargestWindow), Every(reader, size), First(reader));
        if (first > every) { reader.Fault(reader.Node.Path, $"send_first_at is {first}; allowed is 1 to send_every, which is {every}"); }

        return _ => new WindowFilter(window, every, first, statistic);
    }

    private static Func<TimeSpan, Filter> Quantile(StepReader reader)
    {
        double quantile = reader.Number("quantile", 0.9, 0, 1);
        return Window(reader, 5, values => WindowStatistics.Quantile(values, quantile));
    }

    private static Func<TimeSpan, Filter> ExponentialAverage(StepReader reader)
    {
        (double alpha, int every, int first) = (reader.Number("alpha", 0.1, 0, 1), Every(reader, 15), First(reader));
        if (first > every) { reader.Fault(reader.Node.Path, $"send_first_at is {first}; allowed is 1 to send_every, which is {every}"); }

        return _ => new ExponentialAverageFilter(alpha, every, first);
    }

    private static int Every(StepReader reader, int fallback) => reader.Integer("send_every", fallback, 1, LargestWindow);

    private static int First(StepReader reader) => reader.Integer("send_first_at", 1, 1, LargestWindow);

    private static Func<TimeSpan, Filter> Clamp(StepReader reader)
    {
        (double low, double high) = (reader.Number("min_value", double.NaN), reader.Number("max_value", double.NaN));
        bool drop = reader.Flag("ignore_out_of_range", false);
        if (double.IsNaN(low) && double.IsNaN(high)) { reader.Fault(reader.Node.Path, "clamp needs min_value, max_value or both"); }
        if (low > high) { reader.Fault(reader.Node.Path, $"min_value is {low} and max_value {high}; allowed is a min_value that is not larger"); }

        return _ => new ClampFilter(low, high, drop);
    }

    private static double? TimeoutValue(StepReader reader) =>
        reader.Node.Children.TryGetValue("value", out SettingNode? value) && string.Equals(value.Text, "last", StringComparison.OrdinalIgnoreCase)
            ? Last(reader)
            : reader.Number("value", double.NaN);

    private static double? Last(StepReader reader)
    {
        reader.Find("value", isMain: false);
        reader.Note("value=last");
        return null;
    }

    private static double[] ValueList(StepReader reader, string name, double? fallback)
    {
        double[] values = CalibrationReader.ReadNumbers(reader, name, isMain: fallback is null);
        if (values.Length > 0 || fallback is null) { return values; }

        reader.Note(FormattableString.Invariant($"{name}={fallback}"));
        return [fallback.Value];
    }

    private static IReadOnlyList<FilterStep> Alternatives(StepReader reader)
    {
        IReadOnlyList<FilterStep> steps = FilterChainReader.ReadSteps(reader.Node, reader.Faults, reader.Level + 1);
        foreach (string key in reader.Node.Children.Keys) { reader.Find(key, isMain: false); }

        reader.Note(string.Join(", ", steps));
        if (steps.Count == 0) { reader.Fault(reader.Node.Path, "or needs at least one filter"); }

        return steps;
    }
}
