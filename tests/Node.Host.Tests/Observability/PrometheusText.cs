using System.Globalization;
using System.Text.RegularExpressions;

namespace Node.Host.Tests.Observability;

/// <summary>
/// A strict reader of Prometheus's text format 0.0.4, as a scraper and its linter see it: every family has HELP, then TYPE, then its samples
/// without another family between; names, labels and escapes are legal; no series twice; counters end in <c>_total</c>; histograms are whole.
/// </summary>
internal sealed partial class PrometheusText
{
    private readonly Dictionary<string, string> _types = [];
    private readonly Dictionary<string, double> _samples = [];

    private PrometheusText()
    {
    }

    public IReadOnlyDictionary<string, string> Types => _types;

    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <summary>The value of one series, written as in the text.</summary>
    public double this[string series] => _samples.TryGetValue(series, out double value)
        ? value
        : throw new Xunit.Sdk.XunitException($"There is no {series}; there are\n{string.Join('\n', _samples.Keys.Order())}");

    public static PrometheusText Parse(string text)
    {
        var read = new PrometheusText();
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string? helped = null;
        string? family = null;
        foreach (string line in text[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                helped = help.Groups["name"].Value;
                Assert.DoesNotMatch(@"\\[^\\n]", help.Groups["text"].Value.Replace(@"\\", "", StringComparison.Ordinal));
                Assert.False(read._types.ContainsKey(helped), $"{helped} comes twice");
            }
            else if (Type().Match(line) is { Success: true } type)
            {
                family = type.Groups["name"].Value;
                Assert.Equal(helped, family);
                read._types[family] = type.Groups["type"].Value;
                Assert.Equal(type.Groups["type"].Value == "counter", family.EndsWith("_total", StringComparison.Ordinal));
            }
            else
            {
                read.Take(line, family);
            }
        }

        foreach (string histogram in read._types.Where(each => each.Value == "histogram").Select(each => each.Key))
        {
            read.CheckHistogram(histogram);
        }

        return read;
    }

    private void Take(string line, string? family)
    {
        Match sample = Sample().Match(line);
        Assert.True(sample.Success, $"no sample: {line}");
        string name = sample.Groups["name"].Value;
        string[] allowed = _types[family!] == "histogram" ? [family + "_bucket", family + "_sum", family + "_count"] : [family!];
        Assert.Contains(name, allowed);
        string value = sample.Groups["value"].Value;
        Assert.True(_samples.TryAdd(name + sample.Groups["labels"].Value, value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture),
        }), $"twice: {line}");
    }

    private void CheckHistogram(string family)
    {
        foreach ((string series, double count) in _samples.Where(each => each.Key.StartsWith(family + "_count", StringComparison.Ordinal)).ToArray())
        {
            string labels = series[(family.Length + "_count".Length)..].Trim('{', '}');
            string before = labels.Length > 0 ? labels + "," : "";
            double[] buckets = [.. _samples.Where(each => each.Key.StartsWith($"{family}_bucket{{{before}le=", StringComparison.Ordinal)).Select(each => each.Value)];
            Assert.True(buckets.Length > 1, series);
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(count, buckets[^1]);
            Assert.Equal(count, this[$"{family}_bucket{{{before}le=\"+Inf\"}}"]);
            Assert.Contains(family + "_sum" + (labels.Length > 0 ? $"{{{labels}}}" : ""), _samples.Keys);
        }
    }

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\[\\"n])*")*\})? (?<value>[+-]Inf|NaN|-?[0-9][0-9.eE+-]*)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();
}
