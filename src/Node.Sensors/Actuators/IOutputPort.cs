using Node.Sensors.Bus;

namespace Node.Sensors.Actuators;

/// <summary>The hardware behind an output: drives a level and reads it back. One thread at a time.</summary>
public interface IOutputPort : IDisposable
{
    /// <summary>Drives a level, 0 to 1; an on/off port takes everything above 0 for on.</summary>
    /// <exception cref="SensorException">The hardware does not take it.</exception>
    void Drive(double level);

    /// <summary>Reads the level back.</summary>
    /// <exception cref="SensorException">The hardware cannot be read.</exception>
    double ReadBack();
}
