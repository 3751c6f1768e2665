namespace Node.Sensors.Signals;

/// <summary>How far a burst has come.</summary>
internal sealed class BurstState
{
    /// <summary>How many gaps are listed by their place; more are counted only.</summary>
    private const int MostListed = 16;

    private readonly List<long> _gaps = [];

    /// <summary>Samples in each channel.</summary>
    public long Samples { get; set; }

    /// <summary>Samples at an end of the range.</summary>
    public long Clipped { get; set; }

    /// <summary>Before which samples others may be missing.</summary>
    public IReadOnlyList<long> Gaps => _gaps;

    public long GapCount { get; private set; }

    public bool IsComplete { get; set; }

    public void NoteGap()
    {
        GapCount++;
        if (_gaps.Count < MostListed) { _gaps.Add(Samples); }
    }
}
