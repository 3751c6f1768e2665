using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Sensors.Actuators;

namespace Node.Host.Automation;

/// <summary>
/// Drives an actuator for an alarm, within its safety limits: a refusal that waiting can cure is tried again at the next reading. A limit
/// that ends the state (maximum on-time, a command by somebody else) is not fought. One thread.
/// </summary>
internal sealed partial class AlarmDrive(string sensor, Threshold threshold, ActuatorBank actuators, ILogger logger)
{
    private readonly string _by = $"alarm {sensor}.{threshold.Id}";
    private bool? _wanted; // The state still to be had; null when there is nothing to do.
    private string? _told;

    /// <summary>What became of it: <c>on</c>, <c>off</c>, or <c>refused: …</c>; null before the first command.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The alarm was raised: the configured state.</summary>
    public void Raise() => Want(threshold.Drive?.On);

    /// <summary>The alarm was cleared: back to the fail-safe state, unless somebody else has taken the actuator over.</summary>
    public void Clear()
    {
        if (Find() is { } actuator && (actuator.Status.CommandedBy == _by || _wanted is not null))
        {
            Want(actuator.Status.CommandedBy == _by ? actuator.Options.FailSafeOn : null);
        }
    }

    /// <summary>Tries again what was refused, and renews a lease of a raised alarm.</summary>
    /// <returns>Whether the outcome has changed.</returns>
    public bool Turn(bool isRaised)
    {
        string? before = Outcome;
        if (_wanted is null && isRaised && Find()?.Status is { LeaseRemaining: not null } status && status.CommandedBy == _by && status.Target > 0 == threshold.Drive!.On)
        {
            _wanted = threshold.Drive.On;
        }

        Try();
        return Outcome != before;
    }

    private void Want(bool? on)
    {
        (_wanted, _told) = (on, null);
        Try();
    }

    private void Try()
    {
        if (_wanted is not { } on)
        {
            return;
        }

        if (Find() is not { } actuator)
        {
            Tell($"refused: there is no actuator {threshold.Drive!.Actuator}");
            return;
        }

        OutputAnswer answer = actuator.Execute(on ? OutputCommand.On(_by) : OutputCommand.Set(0, _by));
        if (answer.IsDone)
        {
            (_wanted, Outcome, _told) = (null, OnOff.Text(on), null);
        }
        else
        {
            Tell($"refused: {answer.Reason}", answer.Refusal.ToString());
        }
    }

    /// <summary>A reason is logged once, although it comes with every reading; its text may count down.</summary>
    private void Tell(string outcome, string kind = "missing")
    {
        if (_told != kind)
        {
            (_told, Outcome) = (kind, outcome);
            LogRefused(logger, _by, threshold.Drive!.Actuator, outcome);
        }
    }

    private ActuatorChannel? Find() =>
        threshold.Drive is { } drive && actuators.TryFind(drive.Actuator, out ActuatorChannel? found) ? found : null;

    [LoggerMessage(EventId = 452, Level = LogLevel.Warning, Message = "{Alarm} cannot drive {Actuator}: {Outcome}")]
    private static partial void LogRefused(ILogger logger, string alarm, string actuator, string outcome);
}
