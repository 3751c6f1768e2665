using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Dashboard.History;
using Node.Host.Logging;
using Node.Host.Sensing;
using Node.Host.Spool;

namespace Node.Host.Dashboard.Events;

/// <summary>Lets history and listeners know what sensors, actuators and the log do, and fills the history from the spool once after the start.</summary>
internal sealed partial class DashboardFeed(
    NodeOptions options, NodeIdentity identity, SensorArray sensors, ActuatorBank actuators, LogRing logs, ReadingHistory history, EventStream events,
    ILogger<DashboardFeed> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _restoring = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Follow();
        _restoring = Task.Run(Restore, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _restoring.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Begins to listen. Once.</summary>
    public void Follow()
    {
        foreach (SensorChannel sensor in sensors.Channels)
        {
            sensor.Read += TakeReading;
        }

        actuators.Changed += TellActuators;
        logs.Added += TellLog;
    }

    private void TakeReading(SensorChannel sensor, JudgedReading reading)
    {
        history.Add(sensor.Name, reading);
        if (events.HasClients)
        {
            foreach (string state in EventMessages.Values(sensor))
            {
                events.Publish("state", state);
            }
        }
    }

    private void TellActuators()
    {
        if (events.HasClients)
        {
            foreach (ActuatorChannel actuator in actuators.Channels)
            {
                events.Publish("state", EventMessages.Switch(actuator));
            }
        }
    }

    private void TellLog(LogEntry entry)
    {
        if (events.HasClients)
        {
            events.Publish("log", EventMessages.Log(entry));
        }
    }

    private void Restore()
    {
        try
        {
            int restored = SpoolMemory.Restore(Path.Combine(options.DataFolder, SpoolOptions.FileName), identity.BootId, history, _stop.Token);
            LogRestored(logger, restored);
        }
        catch (OperationCanceledException)
        {
            LogRestored(logger, 0); // The node stops; the charts are of no use any more.
        }
        catch (SpoolException unreadable)
        {
            LogNotRestored(logger, unreadable.Message);
        }
    }

    [LoggerMessage(EventId = 500, Level = LogLevel.Debug, Message = "The charts begin with what earlier runs left in the spool; readings: {Restored}")]
    private static partial void LogRestored(ILogger logger, int restored);

    [LoggerMessage(EventId = 501, Level = LogLevel.Warning, Message = "The charts begin empty, because the spool could not be read for them: {Reason}")]
    private static partial void LogNotRestored(ILogger logger, string reason);
}
