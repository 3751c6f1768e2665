using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>What is wrong with one board file, as far as it was read.</summary>
internal sealed class BoardProblems(string file)
{
    private const int MostFaults = 50;

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    public void Add(JsonPlace place, string text) => Add(place.Line, place.Path, text);

    public void Add(int line, string path, string text)
    {
        if (_faults.Count < MostFaults) { _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{file} line {line} {path}: {text}")); }
    }

    /// <exception cref="BoardFileException">Something was wrong.</exception>
    public void ThrowIfAny()
    {
        if (_faults.Count > 0) { throw new BoardFileException(_faults); }
    }
}
