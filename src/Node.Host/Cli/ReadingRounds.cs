using Node.Host.Composition;
using Node.Sensors.Bus;

namespace Node.Host.Cli;

/// <summary>Reads sensors once or over and over; one that fails is told and the others go on.</summary>
internal sealed class ReadingRounds(IReadOnlyList<WatchedSensor> sensors, ReadingPrinter printer, NodeClock clock)
{
    /// <summary>Reads until the count is reached or it is told to stop, each sensor at <paramref name="every"/>, or at its own interval when that is zero.</summary>
    /// <returns>Whether every sensor could be read the last time.</returns>
    public async Task<bool> RunAsync(int rounds, TimeSpan every, CancellationToken cancellationToken)
    {
        try
        {
            bool[] good = await Task.WhenAll(sensors.Select(sensor => RepeatAsync(sensor, rounds, every, cancellationToken)));
            printer.End();
            return good.All(each => each);
        }
        finally
        {
            foreach (WatchedSensor sensor in sensors)
            {
                sensor.Dispose();
            }
        }
    }

    private async Task<bool> RepeatAsync(WatchedSensor sensor, int rounds, TimeSpan every, CancellationToken cancellationToken)
    {
        bool good = true;
        try
        {
            for (int round = 0; round < rounds; round++)
            {
                if (round > 0)
                {
                    await Task.Delay(every > TimeSpan.Zero ? every : sensor.Options.Interval, clock.Time, cancellationToken);
                }

                good = await ReadAsync(sensor, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return good; // Ctrl-C ends a watch; what was read stands.
        }

        return good;
    }

    private async Task<bool> ReadAsync(WatchedSensor sensor, CancellationToken cancellationToken)
    {
        try
        {
            printer.Print(sensor.Options, await sensor.ReadAsync(cancellationToken));
            return true;
        }
        catch (Exception fault) when (fault is SensorException or ArgumentException or IOException)
        {
            printer.PrintFault(sensor.Options, fault.Message);
            return false;
        }
    }
}
