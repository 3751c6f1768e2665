namespace HilRig.Yaml;

/// <summary>Collects everything wrong with one file, so that its author learns it all at once.</summary>
internal sealed class YamlFaults
{
    private const int MostShown = 20;
    private readonly List<(YamlPlace Place, string Text)> _faults = [];

    public void Add(YamlPlace place, string text) => _faults.Add((place, text));

    /// <exception cref="RigException">There is at least one fault; its text has a line for each, beginning with its place.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count == 0)
        {
            return;
        }
        IEnumerable<string> lines = _faults.OrderBy(fault => fault.Place.Line).ThenBy(fault => fault.Place.Column).Select(fault => $"{fault.Place}: {fault.Text}").Take(MostShown);
        string rest = _faults.Count > MostShown ? $"{Environment.NewLine}and {_faults.Count - MostShown} more" : "";
        throw new RigException(RigFault.UnusableInput, string.Join(Environment.NewLine, lines) + rest);
    }
}
