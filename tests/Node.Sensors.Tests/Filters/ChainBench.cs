using System.Text.Json;
using Node.Sensors.Filters;

namespace Node.Sensors.Tests.Filters;

/// <summary>A chain read from JSON, and everything that came out of it.</summary>
internal sealed class ChainBench
{
    private readonly List<FilteredValue> _output = [];

    public ChainBench(string json, double startSeconds = 0)
    {
        Chain = new FilterChain(Settings(json), TimeSpan.FromSeconds(startSeconds));
    }

    public FilterChain Chain { get; }

    public IEnumerable<double> Values => _output.Select(static one => one.Value);

    public IEnumerable<(double Value, double Seconds)> Timed => _output.Select(static one => (one.Value, one.At.TotalSeconds));

    public double? DueSeconds => Chain.NextDue?.TotalSeconds;

    public static FilterChainSettings Settings(string json)
    {
        List<string> faults = [];
        FilterChainSettings settings = FilterChainSettings.Read(JsonDocument.Parse(json).RootElement, "filters", faults);
        Assert.Empty(faults);
        return settings;
    }

    public static IReadOnlyList<string> Faults(string json)
    {
        List<string> faults = [];
        FilterChainSettings.Read(JsonDocument.Parse(json).RootElement, "filters", faults);
        return faults;
    }

    /// <summary>Gives the values one second apart, the first at second 1.</summary>
    public static double[] Run(string json, params double[] values)
    {
        ChainBench bench = new(json);
        for (int i = 0; i < values.Length; i++) { bench.Push(values[i], i + 1); }

        return [.. bench.Values];
    }

    public void Push(double value, double seconds) => Chain.Push(value, TimeSpan.FromSeconds(seconds), _output);

    public void Advance(double seconds) => Chain.Advance(TimeSpan.FromSeconds(seconds), _output);

    public void Apply(string json, double seconds) => Chain.Apply(Settings(json), TimeSpan.FromSeconds(seconds));
}
