using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// The samples in an MPU-6050's FIFO, whole ones only: a FIFO that overflowed no longer begins with one, and an empty one repeats a byte.
/// </summary>
internal sealed class Mpu6050Samples(Mpu6050Port port, Mpu6050Settings settings)
{
    private bool _hasRun;
    private bool _wereLost;

    /// <summary>Empties the FIFO and lets it begin with a whole sample. What it held is lost, and the next buffer says so.</summary>
    public void Restart()
    {
        port.RestartFifo();
        _wereLost |= _hasRun;
        _hasRun = true;
    }

    /// <summary>Takes every whole sample, or none when the FIFO overflowed.</summary>
    /// <exception cref="SensorException">The chip does not answer, or lost its settings (<see cref="SensorFault.NotReady"/>).</exception>
    public Mpu6050Buffer Take()
    {
        byte[] raw = port.ReadFifo();
        port.ReadStatus();
        if (port.HasLostItsSettings()) { throw Mpu6050Fault.LostSettings(port.Place); }

        if (port.FifoOverflowed)
        {
            Restart();
            raw = [];
        }

        bool lost = _wereLost;
        _wereLost = false;
        return new Mpu6050Buffer([.. raw.Chunk(Mpu6050Frame.Length).Select(bytes => Mpu6050Frame.Decode(bytes).ToReading(settings))], lost);
    }
}
