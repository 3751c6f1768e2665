using System.Device.Gpio;

namespace Node.Sensors.Emulation;

/// <summary>
/// The header's GPIO lines seen from outside: what a rig measures and applies. Levels persist while programs open and close pins. Edges are
/// told one after the other in their true order, on the thread that caused them. Safe for use by several threads.
/// </summary>
public sealed class EmulatedGpioChip
{
    /// <summary>How many lines there are, as on a Pi: 0 to 53.</summary>
    public const int PinCount = 54;

    private readonly EmulatedPin[] _pins = [.. Enumerable.Range(0, PinCount).Select(static _ => new EmulatedPin())];
    private readonly Lock _order = new(); // held while an edge is told, so that edges cannot overtake each other
    private readonly Lock _state = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private long _edges;

    internal EmulatedGpioChip(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>
    /// Told of every edge of every pin, inputs and outputs alike, while no later edge can happen on another thread. A handler may read and
    /// change pins; it must not wait for another thread that does.
    /// </summary>
    public event EventHandler<PinEdge>? EdgeOccurred;

    /// <summary>The level on the line now; <see langword="true"/> is high.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pin is outside 0 to 53.</exception>
    public bool IsHigh(int pin) => Read(pin) == PinValue.High;

    /// <summary>The mode that the program last gave to the pin; an input at power-on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pin is outside 0 to 53.</exception>
    public PinMode ModeOf(int pin)
    {
        lock (_state) { return At(pin).Mode; }
    }

    /// <summary>Applies a level from outside through a resistor, or with <see langword="null"/> nothing: inputs follow it, outputs do not.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pin is outside 0 to 53.</exception>
    public void Drive(int pin, bool? high) => Change(pin, line => line.Drive = ToValue(high));

    /// <summary>Connects the line hard to ground or supply, or with <see langword="null"/> frees it: a shorted output reads back the short.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The pin is outside 0 to 53.</exception>
    public void ShortCircuit(int pin, bool? high) => Change(pin, line => line.Short = ToValue(high));

    /// <summary>Applies what a chip's output drives at this instant.</summary>
    internal void Follow(int pin, EmulatedLine output) => Change(pin, line => line.Drive = ToValue(output.IsHigh));

    internal void Open(int pin)
    {
        lock (_state)
        {
            EmulatedPin line = At(pin);
            if (line.IsOpen) { throw EmulatedBusError.PinBusy(pin); }

            line.IsOpen = true;
        }
    }

    internal void Close(int pin)
    {
        lock (_state) { At(pin).IsOpen = false; }
    }

    internal PinValue Read(int pin)
    {
        lock (_state) { return At(pin).Level; }
    }

    /// <summary>An output changes at once; an input keeps the value for the moment when it becomes an output.</summary>
    internal void Write(int pin, PinValue value) => Change(pin, line => line.Latch = value);

    /// <summary>Changes mode and, for an output, the driven value in one step, so that no other level shows in between.</summary>
    internal void SetMode(int pin, PinMode mode, PinValue? initial) => Change(pin, line =>
    {
        line.Latch = initial ?? line.Latch;
        line.Mode = mode;
    });

    private static PinValue? ToValue(bool? high) => high is { } level ? (level ? PinValue.High : PinValue.Low) : null;

    private void Change(int pin, Action<EmulatedPin> change)
    {
        lock (_order)
        {
            PinEdge edge;
            lock (_state)
            {
                EmulatedPin line = At(pin);
                PinValue before = line.Level;
                change(line);
                if (line.Level == before) { return; }

                edge = new PinEdge(++_edges, pin, line.Level == PinValue.High, _time.GetElapsedTime(_start));
            }

            EdgeOccurred?.Invoke(this, edge);
        }
    }

    private EmulatedPin At(int pin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pin);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pin, PinCount);
        return _pins[pin];
    }
}
