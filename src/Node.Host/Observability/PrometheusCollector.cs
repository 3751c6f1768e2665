using System.Diagnostics.Metrics;

namespace Node.Host.Observability;

/// <summary>
/// Keeps what the node's instruments measure and writes it in Prometheus's text format, version 0.0.4. At most 1,000 series for each
/// instrument; further ones are left out. Any thread.
/// </summary>
internal sealed class PrometheusCollector : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public const int MostSeries = 1_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, PrometheusFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public PrometheusCollector(NodeMeters meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (meters.Owns(instrument))
            {
                listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Note(value, tags, family));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Note(value, tags, family));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Note(value, tags, family));
        _listener.Start();
    }

    /// <summary>Asks every instrument and writes all families in the order of their names.</summary>
    public string Write()
    {
        lock (_gate)
        {
            foreach (PrometheusFamily family in _families.Values)
            {
                family.BeginObservation();
            }
        }

        _listener.RecordObservableInstruments();
        lock (_gate)
        {
            var text = new System.Text.StringBuilder();
            foreach (PrometheusFamily family in _families.Values)
            {
                family.Write(text);
            }

            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private PrometheusFamily FamilyOf(Instrument instrument)
    {
        var made = new PrometheusFamily(instrument);
        lock (_gate)
        {
            return _families.TryGetValue(made.Name, out PrometheusFamily? family) ? family : _families[made.Name] = made;
        }
    }

    private void Note(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? family)
    {
        lock (_gate)
        {
            ((PrometheusFamily)family!).Note(value, PrometheusName.Labels(tags));
        }
    }
}
