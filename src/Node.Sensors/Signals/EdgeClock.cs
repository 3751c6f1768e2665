namespace Node.Sensors.Signals;

/// <summary>
/// Puts the times that a driver gives to edges on the program's own clock. Edges are told late, now more and now less, so the one that came
/// quickest tells how the two clocks stand to each other; it is forgotten after a while, so that clocks that drift apart do not part for good.
/// </summary>
internal sealed class EdgeClock
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private TimeSpan? _quickest;
    private TimeSpan? _quickestBefore;
    private TimeSpan _since;
    private TimeSpan _latest;

    /// <param name="at">The edge's instant on the driver's clock.</param>
    /// <param name="now">When it was told, on the program's clock.</param>
    /// <returns>When it happened on the program's clock: never after it was told, and never before the edge told last.</returns>
    public TimeSpan Happened(TimeSpan at, TimeSpan now)
    {
        TimeSpan distance = now - at;
        if (_quickest is null || now - _since > Memory)
        {
            (_quickestBefore, _quickest, _since) = (now - _since > Memory * 2 ? null : _quickest, distance, now);
        }
        else if (distance < _quickest)
        {
            _quickest = distance;
        }

        TimeSpan quickest = _quickestBefore is { } before && before < _quickest ? before : _quickest.Value;
        TimeSpan happened = at + quickest;
        _latest = happened > _latest ? happened : _latest;
        return _latest;
    }
}
