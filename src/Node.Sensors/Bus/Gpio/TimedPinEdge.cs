using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>
/// An edge with what the library's own event leaves out. Callbacks of the character device's driver, of the remote one, and of a recording of
/// either get this type.
/// </summary>
/// <param name="kind">Rising or falling.</param>
/// <param name="pin">The pin's BCM number.</param>
/// <param name="at">The instant of whoever saw the edge: time since the machine started, stamped by the kernel in its interrupt; over the remote bus, time since the board began to be served. Good for distances between edges.</param>
/// <param name="sequence">Counts the pin's edges since it was opened.</param>
/// <param name="lostBefore">Edges between the one told before and this that were not told: the kernel had no room for them, or the link was cut.</param>
public sealed class TimedPinEdge(PinEventTypes kind, int pin, TimeSpan at, uint sequence, long lostBefore) : PinValueChangedEventArgs(kind, pin)
{
    /// <summary>The instant of whoever saw the edge; its origin is the driver's.</summary>
    public TimeSpan At { get; } = at;

    /// <summary>Counts the pin's edges.</summary>
    public uint Sequence { get; } = sequence;

    /// <summary>Edges lost just before.</summary>
    public long LostBefore { get; } = lostBefore;
}
