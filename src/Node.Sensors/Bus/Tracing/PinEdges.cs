using System.Device.Gpio;

namespace Node.Sensors.Bus;

/// <summary>Who listens to the edges of each pin, for a GPIO driver in software. Safe for use by several threads.</summary>
internal sealed class PinEdges
{
    private readonly Dictionary<int, List<(PinEventTypes Types, PinChangeEventHandler Handler)>> _listeners = [];
    private readonly Lock _lock = new();

    /// <returns>Whether it is the pin's first listener.</returns>
    public bool Add(int pin, PinEventTypes types, PinChangeEventHandler handler)
    {
        lock (_lock)
        {
            if (_listeners.TryGetValue(pin, out List<(PinEventTypes, PinChangeEventHandler)>? known))
            {
                known.Add((types, handler));
                return false;
            }

            _listeners.Add(pin, [(types, handler)]);
            return true;
        }
    }

    /// <returns>Whether the pin has no listener any more.</returns>
    /// <exception cref="InvalidOperationException">This handler does not listen to the pin.</exception>
    public bool Remove(int pin, PinChangeEventHandler handler)
    {
        lock (_lock)
        {
            if (!_listeners.TryGetValue(pin, out List<(PinEventTypes Types, PinChangeEventHandler Handler)>? known) || known.RemoveAll(one => one.Handler == handler) == 0)
            {
                throw new InvalidOperationException($"Pin {pin} has no such callback.");
            }

            return known.Count == 0 && _listeners.Remove(pin);
        }
    }

    /// <summary>Passes an edge on as it is, with the time and number that a driver may have given it.</summary>
    public void Tell(object sender, PinValueChangedEventArgs edge)
    {
        (PinEventTypes Types, PinChangeEventHandler Handler)[] told;
        lock (_lock) { told = _listeners.TryGetValue(edge.PinNumber, out List<(PinEventTypes, PinChangeEventHandler)>? known) ? [.. known] : []; }

        foreach ((PinEventTypes types, PinChangeEventHandler handler) in told)
        {
            if ((types & edge.ChangeType) != 0) { handler(sender, edge); }
        }
    }
}
