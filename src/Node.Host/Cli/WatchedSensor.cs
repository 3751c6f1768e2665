using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Sensors.Drivers;

namespace Node.Host.Cli;

/// <summary>A sensor that is read for the command line: with the deadline, judgement and filters of the running node, without its spool.</summary>
internal sealed class WatchedSensor(SensorOptions options, Func<ISensor> open, NodeClock clock) : IDisposable
{
    private readonly GuardedSensor _chip = new(options, open, clock.Time, Task.Run, NullLogger.Instance);
    private readonly ReadingPipeline _pipeline = new(options, options.Filters.Settings, clock.Time);

    public SensorOptions Options => options;

    /// <exception cref="Node.Sensors.Bus.SensorException">No value could be had, or not in time.</exception>
    public async Task<JudgedReading> ReadAsync(CancellationToken cancellationToken) =>
        _pipeline.Work(await _chip.MeasureAsync(cancellationToken)).Latest;

    public void Dispose() => _chip.Dispose();
}
