using System.Diagnostics.Metrics;

namespace Node.Host.Observability;

/// <summary>
/// The meters of one node, named by namespace. Each belongs to this object, so that what collects for one node sees no other node of the
/// same process.
/// </summary>
internal sealed class NodeMeters : IDisposable
{
    /// <summary>The runtime's own meter, which every collector takes along.</summary>
    public const string Runtime = "System.Runtime";

    /// <summary>Upper bounds in seconds for everything that takes time: a bus transfer as well as a send over a poor line.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };

    public NodeMeters()
    {
        (Spool, Hub, Sensing) = (Make("Node.Spool"), Make("Node.Hub"), Make("Node.Sensing"));
        (Actuation, Process) = (Make("Node.Actuation"), Make("Node.Process"));
    }

    public static IReadOnlyList<string> Names { get; } = ["Node.Spool", "Node.Hub", "Node.Sensing", "Node.Actuation", "Node.Process"];

    public Meter Spool { get; }

    public Meter Hub { get; }

    public Meter Sensing { get; }

    public Meter Actuation { get; }

    public Meter Process { get; }

    /// <summary>Whether a collector for this node takes the instrument.</summary>
    public bool Owns(Instrument instrument) => instrument.Meter.Scope == this || instrument.Meter.Name == Runtime;

    /// <summary>A counter that shows zero before it first moves.</summary>
    public static Counter<long> Counter(Meter meter, string name, string description, params ReadOnlySpan<KeyValuePair<string, object?>> firstTags)
    {
        Counter<long> counter = meter.CreateCounter<long>(name, null, description);
        counter.Add(0, firstTags);
        return counter;
    }

    public static Histogram<double> Duration(Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Seconds);

    public void Dispose()
    {
        foreach (Meter meter in (Meter[])[Spool, Hub, Sensing, Actuation, Process])
        {
            meter.Dispose();
        }
    }

    private Meter Make(string name) => new(name, Composition.NodeIdentity.ProgramVersion, tags: null, scope: this);
}
