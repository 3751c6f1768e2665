using System.Collections.Immutable;
using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>Who listens to one line, and how many of its edges were lost.</summary>
internal sealed class EdgeListeners(int pin)
{
    private ImmutableArray<(PinEventTypes Wanted, PinChangeEventHandler Callback)> _callbacks = [];
    private uint? _last;
    private long _lost;

    public long Lost => Interlocked.Read(ref _lost);

    public void Add(PinEventTypes wanted, PinChangeEventHandler callback) =>
        ImmutableInterlocked.Update(ref _callbacks, static (all, added) => all.Add(added), (wanted, callback));

    public bool Remove(PinChangeEventHandler callback) =>
        ImmutableInterlocked.Update(ref _callbacks, static (all, gone) => all.RemoveAll(entry => entry.Callback == gone), callback);

    public void Tell(object sender, LineEvent edge)
    {
        // With one kind of edge wanted, the other kind is not numbered.
        long lost = _last is { } last && edge.Sequence > last + 1 ? edge.Sequence - last - 1 : 0;
        _last = edge.Sequence;
        Interlocked.Add(ref _lost, lost);
        PinEventTypes kind = edge.IsRising ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach ((PinEventTypes wanted, PinChangeEventHandler callback) in _callbacks)
        {
            if (wanted.HasFlag(kind)) { callback(sender, new TimedPinEdge(kind, pin, edge.At, edge.Sequence, lost)); }
        }
    }
}
