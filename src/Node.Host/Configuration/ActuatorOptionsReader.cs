using Node.Sensors.Actuators;

namespace Node.Host.Configuration;

/// <summary>Reads the section of one actuator; which settings there are depends on its kind.</summary>
internal sealed class ActuatorOptionsReader(SettingsReader settings)
{
    private static readonly TimeSpan LongestDeadTime = TimeSpan.FromHours(1);

    public ActuatorOptions Read(string name)
    {
        string path = $"Node:Actuators:{name}";
        string kind = settings.Choice($"{path}:Kind", ActuatorOptions.DigitalKind,
            (ActuatorOptions.DigitalKind, ActuatorOptions.DigitalKind), (ActuatorOptions.PwmKind, ActuatorOptions.PwmKind));
        bool isPwm = kind == ActuatorOptions.PwmKind;
        var options = new ActuatorOptions
        {
            Name = name,
            Kind = kind,
            Pin = isPwm ? settings.Integer($"{path}:Pin", 0, 0, 53) : ReadPin($"{path}:Pin"),
            ActiveLow = settings.Flag($"{path}:ActiveLow", false),
            FailSafeLevel = isPwm
                ? settings.Number($"{path}:FailSafe", 0, 0, 1)
                : settings.Choice($"{path}:FailSafe", 0.0, ("off", 0.0), ("on", 1.0)),
            Limits = ReadLimits(path),
            Interlock = settings.Text($"{path}:Interlock"),
            DeadTime = settings.Period($"{path}:DeadTime", TimeSpan.Zero, TimeSpan.Zero, LongestDeadTime),
            NeedsRearming = settings.Flag($"{path}:Rearm", false),
            Shape = isPwm ? ReadShape(path) : null,
        };
        options = isPwm ? options with { Pwm = ReadPwm(path, options) } : options;
        Check(path, options);
        return options;
    }

    private int ReadPin(string path)
    {
        if (!settings.IsSet(path))
        {
            settings.Fault(path, "is missing; give the GPIO number, 0 to 53");
        }

        return settings.Integer(path, 0, 0, 53);
    }

    private OutputLimits ReadLimits(string path) => new()
    {
        MaximumOnTime = Limit($"{path}:MaxOnTime"),
        MinimumOnTime = Limit($"{path}:MinOnTime"),
        MinimumOffTime = Limit($"{path}:MinOffTime"),
        MinimumSwitchInterval = Limit($"{path}:MinSwitchInterval"),
        Lease = Limit($"{path}:Lease"),
        CommunicationTimeout = Limit($"{path}:HubLossTimeout"),
    };

    private TimeSpan Limit(string path) => settings.Period(path, TimeSpan.Zero, TimeSpan.Zero, ActuatorOptions.LongestLimit);

    private DutyShape ReadShape(string path) => new()
    {
        MinimumDuty = settings.Number($"{path}:MinDuty", 0.01, 0.001, 1),
        MaximumDuty = settings.Number($"{path}:MaxDuty", 1, 0.001, 1),
        SlewPerSecond = settings.Number($"{path}:SlewPerSecond", 0, 0, 100),
        BoostDuty = settings.Number($"{path}:BoostDuty", 0, 0, 1),
        BoostTime = settings.Period($"{path}:BoostTime", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
    };

    /// <summary>A pin, where one is given, takes the place of the hardware channel, and has a frequency that a timer can keep.</summary>
    private PwmOutputOptions ReadPwm(string path, ActuatorOptions options)
    {
        bool onPin = settings.IsSet($"{path}:Pin");
        int chip = settings.Integer($"{path}:Chip", 0, 0, 63);
        int channel = settings.Integer($"{path}:Channel", 0, 0, 63);
        bool hasFrequency = !onPin || settings.IsSet($"{path}:Frequency");
        int frequency = settings.Integer($"{path}:Frequency", 25_000, 1, 1_000_000);
        if (onPin && hasFrequency && frequency > PwmOutputOptions.HighestSoftwareFrequency)
        {
            settings.Fault($"{path}:Frequency",
                $"{frequency} Hz is more than a timer can switch a pin; give at most {PwmOutputOptions.HighestSoftwareFrequency}, or Chip and Channel of a hardware channel in place of Pin");
        }

        return new PwmOutputOptions
        {
            Chip = chip,
            Channel = channel,
            Pin = onPin ? options.Pin : null,
            Frequency = hasFrequency ? frequency : PwmOutputOptions.HighestSoftwareFrequency,
            Inverted = options.ActiveLow,
            FailSafeLevel = options.FailSafeLevel,
        };
    }

    private void Check(string path, ActuatorOptions options)
    {
        OutputLimits limits = options.Limits;
        if (options.FailSafeOn && limits.MaximumOnTime > TimeSpan.Zero)
        {
            settings.Fault($"{path}:MaxOnTime", "needs the fail-safe state off: leave one of the two out");
        }

        if (options.FailSafeOn && options.Interlock is not null)
        {
            settings.Fault($"{path}:Interlock", "needs the fail-safe state off: leave one of the two out");
        }

        if (limits.MaximumOnTime > TimeSpan.Zero && limits.MinimumOnTime > limits.MaximumOnTime)
        {
            settings.Fault($"{path}:MinOnTime", $"{Duration.Format(limits.MinimumOnTime)} is longer than MaxOnTime, {Duration.Format(limits.MaximumOnTime)}");
        }

        if (options.Shape is { } shape && shape.MinimumDuty > shape.MaximumDuty)
        {
            settings.Fault($"{path}:MinDuty", "is above MaxDuty; give the lower of the two here");
        }
    }
}
