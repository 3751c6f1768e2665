using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;

namespace Node.Host.Sensing;

/// <summary>
/// A chip with a deadline. An attempt that outlives it is abandoned: nobody waits for it, and its chip is closed when it ends at last. A
/// bounded number of them may be under way; then no further one is begun. Measurements must not overlap; the owner sees to that.
/// </summary>
internal sealed partial class GuardedSensor(SensorOptions options, Func<ISensor> open, TimeProvider time, Offload offload, ILogger logger) : IDisposable
{
    private const int MostAbandoned = 2; // Each may hold a thread.

    private ISensor? _sensor;
    private int _abandoned;

    /// <summary>Attempts that were given up and have not ended yet.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Takes a measurement; see <see cref="UseAsync"/>.</summary>
    public Task<SensorReading> MeasureAsync(CancellationToken cancellationToken) => UseAsync(static (chip, stop) => chip.MeasureAsync(stop), cancellationToken);

    /// <summary>Does something with the chip, opening and initialising the chip first where that was not done or failed before.</summary>
    /// <param name="use">What is done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="extra">How much longer than a measurement it may take.</param>
    /// <exception cref="SensorException">No value could be had, or not in time (<see cref="SensorFault.Timeout"/>).</exception>
    /// <exception cref="IOException">The bus failed.</exception>
    /// <exception cref="ArgumentException">The chip's options do not fit it.</exception>
    public async Task<T> UseAsync<T>(Func<ISensor, CancellationToken, ValueTask<T>> use, CancellationToken cancellationToken, TimeSpan extra = default)
    {
        if (Abandoned >= MostAbandoned)
        {
            throw new SensorException(SensorFault.Timeout,
                $"{options.Name}: {MostAbandoned} earlier measurements still hang, so none is begun; check the wiring, power-cycle the chip or restart the node.");
        }

        var attempt = new Attempt(open, _sensor);
        _sensor = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        T? result = default;
        Task work = offload(async () => result = await attempt.RunAsync(use, stop.Token));
        try
        {
            await work.WaitAsync(options.Timeout + extra, time, cancellationToken);
            _sensor = attempt.Sensor;
            return result!;
        }
        catch (TimeoutException)
        {
            await stop.CancelAsync();
            throw new SensorException(SensorFault.Timeout, string.Create(CultureInfo.InvariantCulture,
                $"{options.Name}: gave no answer within {(options.Timeout + extra).TotalSeconds:0.###} s and was given up; check the wiring, or raise Node:Sensors:{options.Name}:Timeout."));
        }
        finally
        {
            if (_sensor is null)
            {
                Interlocked.Increment(ref _abandoned);
                _ = CloseAfterAsync(work, attempt);
            }
        }
    }

    public void Dispose()
    {
        ISensor? sensor = _sensor;
        _sensor = null;
        Close(sensor);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends an attempt that was given up or failed, its owner has been told already.")]
    private async Task CloseAfterAsync(Task work, Attempt attempt)
    {
        try
        {
            await work;
        }
        catch (Exception failure)
        {
            LogEnded(logger, options.Name, failure.Message);
        }

        Close(attempt.Sensor);
        Interlocked.Decrement(ref _abandoned);
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Closing a sick chip may fail in any way; it is given up either way.")]
    private void Close(ISensor? sensor)
    {
        try
        {
            sensor?.Dispose();
        }
        catch (Exception failure)
        {
            LogNotClosed(logger, options.Name, failure.Message);
        }
    }

    [LoggerMessage(EventId = 202, Level = LogLevel.Debug, Message = "Sensor {Sensor} could not be closed: {Reason}")]
    private static partial void LogNotClosed(ILogger logger, string sensor, string reason);

    [LoggerMessage(EventId = 203, Level = LogLevel.Debug, Message = "An attempt to read sensor {Sensor} has ended: {Reason}")]
    private static partial void LogEnded(ILogger logger, string sensor, string reason);

    /// <summary>One attempt and the chip that it holds meanwhile.</summary>
    private sealed class Attempt(Func<ISensor> open, ISensor? sensor)
    {
        private volatile ISensor? _sensor = sensor;

        public ISensor? Sensor => _sensor;

        public async Task<T> RunAsync<T>(Func<ISensor, CancellationToken, ValueTask<T>> use, CancellationToken cancellationToken)
        {
            if (_sensor is not { } chip)
            {
                _sensor = chip = open();
                await chip.InitializeAsync(cancellationToken);
            }

            return await use(chip, cancellationToken);
        }
    }
}
