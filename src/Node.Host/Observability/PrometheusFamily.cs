using System.Diagnostics.Metrics;
using System.Text;

namespace Node.Host.Observability;

/// <summary>One instrument's series. Its owner lets one thread in at a time.</summary>
internal sealed class PrometheusFamily
{
    /// <summary>What the runtime publishes as counters although it goes down again.</summary>
    private static readonly string[] Fluctuating = ["dotnet.thread_pool.thread.count", "dotnet.thread_pool.queue.length"];

    private readonly string _help;
    private readonly string _type;
    private readonly bool _isObservable;
    private readonly double[] _bounds;
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Distribution> _distributions = new(StringComparer.Ordinal);

    public PrometheusFamily(Instrument instrument)
    {
        bool isHistogram = instrument is Histogram<double> or Histogram<long> or Histogram<int>;
        bool isCounter = !Fluctuating.Contains(instrument.Name) && instrument is Counter<long> or Counter<int> or Counter<double> or ObservableCounter<long> or ObservableCounter<int> or ObservableCounter<double>;
        _isObservable = instrument.IsObservable;
        _type = isHistogram ? "histogram" : isCounter ? "counter" : "gauge";
        _help = instrument.Description ?? instrument.Name;
        _bounds = [.. (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? []];
        Name = PrometheusName.Of(instrument.Name, instrument.Unit, isCounter);
    }

    public string Name { get; }

    /// <summary>What is observed is told anew each time; a series that is gone must not stay.</summary>
    public void BeginObservation()
    {
        if (_isObservable)
        {
            _values.Clear();
        }
    }

    public void Note(double value, string labels)
    {
        if (_type == "histogram")
        {
            if (_distributions.TryGetValue(labels, out Distribution? known) || TryAdd(_distributions, labels, new Distribution(_bounds.Length), out known))
            {
                known.Note(value, _bounds);
            }
        }
        else if (_values.TryGetValue(labels, out double before) || _values.Count < PrometheusCollector.MostSeries)
        {
            _values[labels] = _isObservable || _type == "gauge" ? value : before + value;
        }
    }

    /// <summary>Writes HELP, TYPE and every series; nothing while there is no series.</summary>
    public void Write(StringBuilder text)
    {
        if (_values.Count + _distributions.Count == 0)
        {
            return;
        }

        text.Append($"# HELP {Name} {PrometheusName.Escape(_help)}\n# TYPE {Name} {_type}\n");
        foreach ((string labels, double value) in _values)
        {
            Line(text, Name, labels, value);
        }

        foreach ((string labels, Distribution distribution) in _distributions)
        {
            WriteDistribution(text, labels, distribution);
        }
    }

    private void WriteDistribution(StringBuilder text, string labels, Distribution distribution)
    {
        string before = labels.Length > 0 ? labels + "," : "";
        long below = 0;
        for (int i = 0; i < _bounds.Length; i++)
        {
            below += distribution.Buckets[i];
            Line(text, Name + "_bucket", $"{before}le=\"{PrometheusName.Number(_bounds[i])}\"", below);
        }

        Line(text, Name + "_bucket", before + "le=\"+Inf\"", distribution.Count);
        Line(text, Name + "_sum", labels, distribution.Sum);
        Line(text, Name + "_count", labels, distribution.Count);
    }

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(PrometheusName.Number(value)).Append('\n');

    private static bool TryAdd(SortedDictionary<string, Distribution> to, string labels, Distribution made, out Distribution added)
    {
        added = made;
        return to.Count < PrometheusCollector.MostSeries && to.TryAdd(labels, made);
    }

    private sealed class Distribution(int buckets)
    {
        public long[] Buckets { get; } = new long[buckets];

        public long Count { get; private set; }

        public double Sum { get; private set; }

        public void Note(double value, double[] bounds)
        {
            int bucket = Array.FindIndex(bounds, bound => value <= bound);
            if (bucket >= 0)
            {
                Buckets[bucket]++;
            }

            Count++;
            Sum += value;
        }
    }
}
