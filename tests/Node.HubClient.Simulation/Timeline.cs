using System.Globalization;

namespace Node.HubClient.Simulation;

/// <summary>What happened, newest last; only the last lines are kept, and text is made only when a run fails.</summary>
internal sealed class Timeline(VirtualClock clock)
{
    private const int Kept = 400;
    private readonly Queue<(TimeSpan At, string What, long Number)> _lines = new(Kept);

    /// <summary>Notes an event.</summary>
    public void Note(string what, long number = 0)
    {
        if (_lines.Count == Kept)
        {
            _lines.Dequeue();
        }

        _lines.Enqueue((clock.Now, what, number));
    }

    /// <inheritdoc />
    public override string ToString() => string.Join('\n', _lines.Select(line =>
        string.Create(CultureInfo.InvariantCulture, $"{line.At.TotalSeconds,10:0.000} s  {line.What} {(line.Number == 0 ? "" : line.Number)}")));
}
