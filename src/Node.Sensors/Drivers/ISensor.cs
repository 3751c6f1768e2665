using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// A sensor chip behind its driver. Calls must not overlap: one caller at a time. A failed call leaves the sensor usable; the next call
/// tries again from wherever the chip is by then.
/// </summary>
public interface ISensor : IDisposable
{
    /// <summary>The datasheet's name, such as <c>BME280</c>.</summary>
    string Chip { get; }

    /// <summary>What a reading holds, in order. Fixed for the life of the sensor.</summary>
    IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>Checks the chip's identity, resets it, reads its calibration and applies the options. Needed once; <see cref="MeasureAsync"/> does it when it was not done.</summary>
    /// <exception cref="SensorException">The chip does not answer, is another one, or does not start.</exception>
    Task InitializeAsync(CancellationToken cancellationToken);

    /// <summary>Takes one measurement and waits for it. A chip found at its power-on state is initialised again first.</summary>
    /// <exception cref="SensorException">No trustworthy value could be had. A value is never made up or repeated.</exception>
    ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken);
}
