using System.Collections.Immutable;
using System.Device.Gpio;

namespace Node.Sensors.Bus.Remote;

/// <summary>One pin that this program has asked for: what it must be again after a lost connection, and who hears of its edges.</summary>
internal sealed class RemotePin
{
    private ImmutableArray<(PinEventTypes Wanted, PinChangeEventHandler Callback)> _callbacks = [];

    /// <summary>The mode asked for, or <see langword="null"/> as long as the pin is left as it is.</summary>
    public PinMode? Mode { get; set; }

    /// <summary>The level last written, or <see langword="null"/>.</summary>
    public PinValue? Level { get; set; }

    /// <summary>Whether the other end holds the pin for this program. Not after a reconnect as long as another one has it.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Listens to the edges while somebody wants them.</summary>
    public RemotePinWatch? Watch { get; set; }

    public bool HasListeners => !_callbacks.IsEmpty;

    public void Add(PinEventTypes wanted, PinChangeEventHandler callback) => _callbacks = _callbacks.Add((wanted, callback));

    /// <returns><see langword="false"/> when the callback was not there.</returns>
    public bool Remove(PinChangeEventHandler callback)
    {
        int before = _callbacks.Length;
        _callbacks = _callbacks.RemoveAll(entry => entry.Callback == callback);
        return _callbacks.Length < before;
    }

    public void Tell(object sender, RemoteEdge edge)
    {
        PinEventTypes kind = edge.IsRising ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach ((PinEventTypes wanted, PinChangeEventHandler callback) in _callbacks)
        {
            if (wanted.HasFlag(kind)) { callback(sender, new PinValueChangedEventArgs(kind, edge.Pin)); }
        }
    }
}
