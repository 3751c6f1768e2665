using System.Collections.Immutable;
using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>Who listens to one pin, and how many of its edges were lost on the way. Edges are told by one thread at a time.</summary>
internal sealed class EdgeListeners(int pin)
{
    private ImmutableArray<(PinEventTypes Wanted, PinChangeEventHandler Callback)> _callbacks = [];
    private uint? _last;
    private long _lost;

    /// <summary>Edges that were not told, since the pin was opened.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    public bool HasAny => !_callbacks.IsEmpty;

    public void Add(PinEventTypes wanted, PinChangeEventHandler callback) =>
        ImmutableInterlocked.Update(ref _callbacks, static (all, added) => all.Add(added), (wanted, callback));

    /// <returns><see langword="false"/> when the callback was not there.</returns>
    public bool Remove(PinChangeEventHandler callback) =>
        ImmutableInterlocked.Update(ref _callbacks, static (all, gone) => all.RemoveAll(entry => entry.Callback == gone), callback);

    /// <summary>The numbers begin anew, or go on after edges that nobody wanted to hear of.</summary>
    public void Restart() => _last = null;

    /// <param name="sender">The driver.</param>
    /// <param name="isRising">Whether the new level is high.</param>
    /// <param name="at">When it happened, on the clock of whoever saw it.</param>
    /// <param name="number">Its number among the pin's edges; a gap tells how many were lost.</param>
    public void Tell(object sender, bool isRising, TimeSpan at, uint number)
    {
        long lost = _last is { } last && number > last + 1 ? number - last - 1 : 0;
        _last = number;
        Interlocked.Add(ref _lost, lost);
        PinEventTypes kind = isRising ? PinEventTypes.Rising : PinEventTypes.Falling;
        TimedPinEdge edge = new(kind, pin, at, number, lost);
        foreach ((PinEventTypes wanted, PinChangeEventHandler callback) in _callbacks)
        {
            if (wanted.HasFlag(kind)) { callback(sender, edge); }
        }
    }
}
