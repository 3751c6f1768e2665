using System.Collections.Immutable;
using System.Device.Gpio;

namespace Node.Sensors.Emulation;

/// <summary>Who wants to hear of one pin's edges. A list that changes while it is told stays as it was for that edge.</summary>
internal sealed class PinListeners
{
    private ImmutableArray<(PinEventTypes Wanted, PinChangeEventHandler Callback)> _callbacks = [];

    public void Add(PinEventTypes wanted, PinChangeEventHandler callback) =>
        ImmutableInterlocked.Update(ref _callbacks, static (all, added) => all.Add(added), (wanted, callback));

    /// <returns><see langword="false"/> when the callback was not there.</returns>
    public bool Remove(PinChangeEventHandler callback) =>
        ImmutableInterlocked.Update(ref _callbacks, static (all, gone) => all.RemoveAll(entry => entry.Callback == gone), callback);

    public void Tell(object sender, PinEdge edge)
    {
        PinEventTypes kind = edge.IsRising ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach ((PinEventTypes wanted, PinChangeEventHandler callback) in _callbacks)
        {
            if (wanted.HasFlag(kind)) { callback(sender, new PinValueChangedEventArgs(kind, edge.Pin)); }
        }
    }
}
