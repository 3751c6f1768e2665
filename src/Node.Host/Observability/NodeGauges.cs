using System.Diagnostics.Metrics;
using System.Globalization;
using Node.Host.Actuation;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Sensing;
using Node.Host.Spool;

namespace Node.Host.Observability;

/// <summary>What is read from the parts that own it whenever somebody collects: nothing is counted twice, nothing costs while nobody asks.</summary>
internal sealed class NodeGauges
{
    private readonly NodeMeters _meters;
    private readonly Spool.Spool _spool;
    private readonly ReadingStore _readings;
    private readonly HubLoop? _loop;
    private readonly NodeClock _clock;

    public NodeGauges(
        NodeMeters meters, NodeIdentity identity, NodeOptions options, NodeClock clock, Spool.Spool spool, ReadingStore readings,
        SensorArray sensors, ActuatorBank actuators, HubLoop? loop = null)
    {
        (_meters, _spool, _readings, _loop, _clock) = (meters, spool, readings, loop, clock);
        ObserveSpool(options);
        ObserveSensors(sensors);
        ObserveActuators(actuators);
        ObserveProcess(identity, options);
    }

    private void ObserveSpool(NodeOptions options)
    {
        Meter meter = _meters.Spool;
        meter.CreateObservableGauge("sensornode.spool.depth", () => _spool.Statistics.Depth, null, "Durable readings that the hub has not confirmed.");
        meter.CreateObservableGauge("sensornode.spool.size", () => _spool.Statistics.Bytes, "By", "Bytes of the readings in the spool.");
        meter.CreateObservableGauge("sensornode.spool.limit", () => options.Spool.CapacityBytes, "By", "Bytes beyond which readings are dropped, as configured.");
        meter.CreateObservableGauge("sensornode.spool.oldest_age", OldestAge, "s", "Age of the oldest reading that is not confirmed; 0 for none.");
        meter.CreateObservableCounter("sensornode.spool.appended", () => _spool.Statistics.AppendedTotal, null, "Readings that became durable, over the life of the spool.");
        meter.CreateObservableCounter("sensornode.spool.confirmed", () => _spool.Statistics.ConfirmedTotal, null, "Readings deleted after their confirmation, over the life of the spool.");
        meter.CreateObservableCounter("sensornode.spool.dropped", Dropped, null, "Readings that were lost or given up, by reason.");
        meter.CreateObservableCounter("sensornode.spool.commits", () => _spool.Statistics.Commits, null, "Write transactions since the start.");
    }

    private double OldestAge() => _spool.Statistics.OldestSampledAt is { } oldest ? Math.Max(0, (_clock.UtcNow - oldest).TotalSeconds) : 0;

    private IEnumerable<Measurement<long>> Dropped()
    {
        SpoolStatistics spool = _spool.Statistics;
        return
        [
            Of(spool.DroppedByCapacity, "capacity"), Of(spool.DroppedByAge, "age"), Of(spool.DroppedByThinning, "thinning"), Of(spool.Purged, "purge"),
            Of(spool.LostByCorruption, "corruption"), Of(_readings.Lost, "not_stored"), Of(_loop?.Telemetry.TooLarge ?? 0, "too_large"),
        ];

        static Measurement<long> Of(long count, string reason) => new(count, new KeyValuePair<string, object?>("reason", reason));
    }

    private void ObserveSensors(SensorArray sensors)
    {
        Meter meter = _meters.Sensing;
        meter.CreateObservableCounter("sensornode.readings", () => _readings.Readings, null, "Readings taken since the start.");
        meter.CreateObservableGauge("sensornode.sensor.value", () => sensors.Channels.SelectMany(Values), null, "The last good value, in the unit that its label names.");
        meter.CreateObservableGauge("sensornode.sensor.failed", () => sensors.Channels.Select(Failed), null, "1 while a sensor cannot be read, else 0.");
        meter.CreateObservableCounter("sensornode.sensor.schedule_restarts", () => sensors.Channels.Select(sensor => new Measurement<long>(sensor.Restarts, Id(sensor.Name))),
            null, "How often a sensor's schedule stood still and was begun anew.");
    }

    private static IEnumerable<Measurement<double>> Values(SensorChannel sensor) => (sensor.Status.Reading?.Values ?? [])
        .Where(value => value.Shown is not null)
        .Select(value => new Measurement<double>(value.Shown!.Value, Id(sensor.Name),
            new KeyValuePair<string, object?>("name", value.Quantity.Name), new KeyValuePair<string, object?>("unit", value.Quantity.Unit)));

    private static Measurement<int> Failed(SensorChannel sensor) =>
        new(sensor.Status.State is SensorState.Degraded or SensorState.Failed or SensorState.Ignored ? 1 : 0, Id(sensor.Name));

    private void ObserveActuators(ActuatorBank actuators)
    {
        Meter meter = _meters.Actuation;
        meter.CreateObservableGauge("sensornode.actuator.on", () => actuators.Channels.Where(each => each.IsOn is not null)
            .Select(each => new Measurement<int>(each.IsOn == true ? 1 : 0, Id(each.Name))), null, "1 while an actuator is on, as its hardware says, else 0.");
        meter.CreateObservableGauge("sensornode.actuator.failed", () => actuators.Channels
            .Select(each => new Measurement<int>(each.Fault is null ? 0 : 1, Id(each.Name))), null, "1 while an actuator is at fault, else 0.");
    }

    private void ObserveProcess(NodeIdentity identity, NodeOptions options)
    {
        Meter meter = _meters.Process;
        string architecture = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString().ToLower(CultureInfo.InvariantCulture);
        meter.CreateObservableGauge("sensornode.info", () => new Measurement<int>(1,
            new KeyValuePair<string, object?>("version", identity.Version), new KeyValuePair<string, object?>("boot", identity.BootId),
            new KeyValuePair<string, object?>("device", options.Hub.DeviceId ?? ""), new KeyValuePair<string, object?>("arch", architecture)), null, "Always 1; its labels say which node this is.");
        meter.CreateObservableGauge("sensornode.safe_mode", () => options.IsSafeMode ? 1 : 0, null, "1 in safe mode, else 0.");
        meter.CreateObservableGauge("process.uptime", () => _clock.Uptime.TotalSeconds, "s", "Time since the process started.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the process that is in RAM.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process.");
    }

    private static KeyValuePair<string, object?> Id(string name) => new("id", name);
}
