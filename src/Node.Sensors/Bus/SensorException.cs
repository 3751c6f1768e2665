namespace Node.Sensors.Bus;

/// <summary>
/// A chip, a bus or a pin did not do what it should. The text names the bus, the address and a remedy and is meant for people;
/// programs decide by <see cref="Fault"/>.
/// </summary>
public sealed class SensorException : Exception
{
    /// <summary>Describes one failure; <paramref name="message"/> says where it happened and what to do about it.</summary>
    public SensorException(SensorFault fault, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
    }

    /// <summary>The kind of failure, for programs.</summary>
    public SensorFault Fault { get; }

    /// <summary>
    /// <see langword="true"/> when the same call may succeed later without anybody touching the node: a loose contact, noise, a brown-out.
    /// <see langword="false"/> when wiring, configuration or permissions must change first.
    /// </summary>
    public bool RetryMayHelp => Fault is not (SensorFault.WrongId or SensorFault.BusUnavailable);

    /// <summary>Whether the failure is one that a bus recovers from by itself, so that the transfer may be repeated at once.</summary>
    internal bool IsTransient =>
        Fault is SensorFault.NoAcknowledge or SensorFault.Timeout or SensorFault.ArbitrationLost or SensorFault.BusFailure;
}
