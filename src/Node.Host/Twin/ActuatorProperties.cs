using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.Host.Configuration;
using Node.Sensors.Actuators;

namespace Node.Host.Twin;

/// <summary>What the cloud may change of an actuator, its safety limits, and what it sees of it.</summary>
internal static class ActuatorProperties
{
    public static TwinComponent Component(ActuatorChannel actuator) => new(actuator.Name,
    [
        MaximumOnTime(actuator),
        Limit(actuator, "minOnTime", limits => limits.MinimumOnTime, (limits, time) => limits with { MinimumOnTime = time }),
        Limit(actuator, "minOffTime", limits => limits.MinimumOffTime, (limits, time) => limits with { MinimumOffTime = time }),
        Limit(actuator, "minSwitchInterval", limits => limits.MinimumSwitchInterval, (limits, time) => limits with { MinimumSwitchInterval = time }),
        Limit(actuator, "lease", limits => limits.Lease, (limits, time) => limits with { Lease = time }),
        Limit(actuator, "hubLossTimeout", limits => limits.CommunicationTimeout, (limits, time) => limits with { CommunicationTimeout = time }),
    ]);

    /// <summary>Sets what the hub shows: <c>state</c>, <c>level</c> of a PWM channel, <c>cause</c>, <c>fault</c> and <c>disarmed</c> while there is one.</summary>
    public static void Report(ActuatorChannel actuator, ReportedDocument reported)
    {
        OutputStatus status = actuator.Status;
        reported.Set(actuator.Name, "state", status.IsOn is { } on ? OnOff.Text(on) : null);
        reported.Set(actuator.Name, "level", actuator.Options.IsPwm ? status.Target : null);
        reported.Set(actuator.Name, "cause", status.Cause);
        reported.Set(actuator.Name, "fault", status.Fault);
        reported.Set(actuator.Name, "disarmed", status.Disarmed);
    }

    /// <summary>A maximum on-time is refused where being on is the fail-safe state.</summary>
    private static WritableProperty MaximumOnTime(ActuatorChannel actuator)
    {
        WritableProperty property = Limit(actuator, "maxOnTime", limits => limits.MaximumOnTime, (limits, time) => limits with { MaximumOnTime = time });
        return actuator.Options.FailSafeOn
            ? property with { Propose = value => RefuseAboveZero(property, value) }
            : property;
    }

    private static Proposal RefuseAboveZero(WritableProperty property, JsonNode? value)
    {
        Proposal proposal = property.Propose(value);
        return proposal.Refusal is null && !JsonNode.DeepEquals(proposal.Canonical, Duration.Format(TimeSpan.Zero))
            ? Proposal.Refuse($"{property.Name} {PropertyTypes.Quote(value)} is not allowed; the fail-safe state is on, so only PT0S is")
            : proposal;
    }

    private static WritableProperty Limit(
        ActuatorChannel actuator, string name, Func<OutputLimits, TimeSpan> read, Func<OutputLimits, TimeSpan, OutputLimits> change) =>
        PropertyTypes.Period(name, read(actuator.Options.Limits), TimeSpan.Zero, ActuatorOptions.LongestLimit,
            () => read(actuator.Limits), time => actuator.Limits = change(actuator.Limits, time));
}
