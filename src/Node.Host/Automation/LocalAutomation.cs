using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Composition;
using Node.Host.Sensing;
using Node.Host.Twin;

namespace Node.Host.Automation;

/// <summary>The alarms of all sensors. They work from the first measurement on, with or without a hub. Any thread, but <see cref="Report"/> the hub loop's.</summary>
internal sealed class LocalAutomation
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, AlarmState>> _shown = [];

    public LocalAutomation(SensorArray sensors, ActuatorBank actuators, ReadingStore store, NodeClock clock, AlarmRecord record, ILogger logger)
    {
        Sensors = [.. sensors.Channels.Select(sensor => new SensorAlarms(sensor, actuators, store, clock, record, logger))];
        foreach (SensorAlarms alarms in Sensors)
        {
            alarms.Sensor.Measured = alarms.JudgeAsync;
        }
    }

    public IReadOnlyList<SensorAlarms> Sensors { get; }

    /// <summary>Looks a sensor's alarms up by its component name.</summary>
    public bool TryFind(string sensor, [NotNullWhen(true)] out SensorAlarms? alarms)
    {
        alarms = Sensors.FirstOrDefault(candidate => candidate.Sensor.Name == sensor);
        return alarms is not null;
    }

    /// <summary>Sets the read-only property <c>alarms</c> of every sensor whose alarms have changed.</summary>
    public void Report(ReportedDocument reported)
    {
        foreach (SensorAlarms alarms in Sensors)
        {
            IReadOnlyDictionary<string, AlarmState> states = alarms.States;
            if (!ReferenceEquals(_shown.GetValueOrDefault(alarms.Sensor.Name), states))
            {
                _shown[alarms.Sensor.Name] = states;
                reported.Set(alarms.Sensor.Name, "alarms", AlarmProperties.Show(states));
            }
        }
    }
}
