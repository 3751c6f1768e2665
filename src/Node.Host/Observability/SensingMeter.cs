using System.Diagnostics.Metrics;
using Node.Sensors.Bus;

namespace Node.Host.Observability;

/// <summary>Counts measurements, by sensor. Any thread.</summary>
internal sealed class SensingMeter(NodeMeters meters)
{
    private readonly Histogram<double> _duration = NodeMeters.Duration(
        meters.Sensing, "sensornode.sensor.gather.duration", "How long a measurement took, failed ones included.");

    private readonly Counter<long> _errors = meters.Sensing.CreateCounter<long>("sensornode.sensor.gather.errors", null, "Measurements that failed, timeouts included.");

    private readonly Counter<long> _timeouts = meters.Sensing.CreateCounter<long>("sensornode.sensor.gather.timeouts", null, "Measurements that were given up because they took too long.");

    /// <summary>A measurement ended.</summary>
    /// <param name="sensor">Which sensor's.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="failure">What ended it; null for a reading.</param>
    public void Measured(string sensor, TimeSpan took, Exception? failure)
    {
        var id = new KeyValuePair<string, object?>("id", sensor);
        _duration.Record(took.TotalSeconds, id);
        _errors.Add(failure is null ? 0 : 1, id);
        _timeouts.Add(failure is SensorException { Fault: SensorFault.Timeout } ? 1 : 0, id);
    }
}
