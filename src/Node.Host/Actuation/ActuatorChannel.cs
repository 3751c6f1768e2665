using Node.Host.Configuration;
using Node.Sensors.Actuators;

namespace Node.Host.Actuation;

/// <summary>One actuator by its component name: a view of its place in the bank. Any thread.</summary>
internal sealed class ActuatorChannel(ActuatorOptions options, int index, ActuatorBank bank)
{
    public ActuatorOptions Options => options;

    public string Name => options.Name;

    public OutputStatus Status => bank.StatusOf(index);

    /// <summary>What is wrong with it, or why its hardware cannot be had; null when nothing is.</summary>
    public string? Fault => Status.Fault;

    /// <summary>The state read back from the hardware, at most a second old; null when it cannot be read.</summary>
    public bool? IsOn => Status.IsOn;

    /// <summary>The safety limits in force. Setting them changes what runs, too.</summary>
    /// <exception cref="ArgumentException">They contradict the actuator's wiring; nothing is changed.</exception>
    public OutputLimits Limits
    {
        get => bank.LimitsOf(index);
        set => bank.SetLimits(index, value);
    }

    /// <summary>Carries out a command or says why not.</summary>
    public OutputAnswer Execute(OutputCommand command) => bank.Execute(index, command);
}
