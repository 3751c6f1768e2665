namespace Node.Benchmarks.Report;

/// <summary>Measurements by subject, one in each round.</summary>
internal sealed class Results<T>(IEnumerable<string> names)
{
    private readonly Dictionary<string, List<T>> _taken = names.ToDictionary(name => name, _ => new List<T>());

    /// <summary>The subjects in the order in which they were given.</summary>
    public IEnumerable<string> Names => _taken.Keys;

    /// <summary>Adds a round's measurement.</summary>
    public void Add(string name, T measured) => _taken[name].Add(measured);

    /// <summary>All rounds of a subject.</summary>
    public IReadOnlyList<T> Of(string name) => _taken[name];

    /// <summary>The middle of a figure over the rounds.</summary>
    public double Median(string name, Func<T, double> figure) => Statistics.Median(_taken[name].Select(figure));

    /// <summary>A figure of one subject divided by another subject's of the same round.</summary>
    public Ratio Ratio(string name, string anchor, Func<T, double> figure) =>
        Report.Ratio.Of(_taken[name].Zip(_taken[anchor], (one, other) => figure(one) / figure(other)));
}
