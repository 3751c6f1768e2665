using System.Globalization;

namespace Node.Sensors.Actuators;

/// <summary>
/// Decides for all outputs of a program together: which command is carried out, what time ends, what is to be driven next. Touches no
/// hardware and no clock: instants come in, levels go out by <see cref="TryTakeDrive"/>, results come back by <see cref="Drove"/>.
/// </summary>
internal sealed class OutputSafety
{
    private static readonly (OutputRefusal Refusal, string Reason, TimeSpan? Left) Fine = (OutputRefusal.None, "", null);

    private readonly OutputState[] _outputs;
    private TimeSpan? _lostSince;
    private bool _wasConnected;
    private bool _isStopping;

    /// <exception cref="ArgumentException">Rules and limits contradict each other; the text says which.</exception>
    public OutputSafety(IReadOnlyList<OutputStart> outputs, TimeSpan now)
    {
        foreach (OutputStart output in outputs)
        {
            ThrowIfContradictory(output.Rules, output.Limits);
        }

        _outputs = [.. outputs.Select(start => new OutputState(start.Rules, start.Limits, start.Unavailable, start.Disarmed, now))];
    }

    public int Count => _outputs.Length;

    public OutputState this[int index] => _outputs[index];

    /// <summary>Judges a command and carries it out, or says why not. What is to be driven then waits in <see cref="TryTakeDrive"/>.</summary>
    public OutputAnswer Command(int index, OutputCommand command, TimeSpan now)
    {
        Advance(now);
        OutputState output = _outputs[index];
        double level = LevelOf(output, command);
        (OutputRefusal Refusal, string Reason, TimeSpan? Left) verdict = Judge(output, command, level, now);
        if (verdict.Refusal == OutputRefusal.None)
        {
            Carry(output, command, level, now);
        }

        return new OutputAnswer(verdict.Refusal, verdict.Reason, verdict.Left, output.Status(now));
    }

    /// <summary>Takes new limits for an output.</summary>
    /// <exception cref="ArgumentException">They contradict each other or the output's rules.</exception>
    public void SetLimits(int index, OutputLimits limits, TimeSpan now)
    {
        ThrowIfContradictory(_outputs[index].Rules, limits);
        _outputs[index].SetLimits(limits, now);
    }

    /// <summary>Says whether the connection that commands come by stands. A connection that never stood cannot be lost.</summary>
    public void SetConnected(bool connected, TimeSpan now)
    {
        _lostSince = connected || !_wasConnected ? null : _lostSince ?? now;
        _wasConnected |= connected;
    }

    /// <summary>Ends what has lasted long enough.</summary>
    public void Advance(TimeSpan now)
    {
        foreach (OutputState output in _outputs)
        {
            output.Advance(now, _lostSince);
            if (output.Target > 0 && Partners(output).FirstOrDefault(partner => partner.MayBeOn) is { } stuck)
            {
                output.MakeSafe($"{stuck.Rules.Name} of the same interlock group may be on", now);
            }
        }
    }

    /// <summary>Everything takes its fail-safe state, and no command is carried out any more.</summary>
    public void Stop(TimeSpan now)
    {
        _isStopping = true;
        foreach (OutputState output in _outputs)
        {
            output.MakeSafe("the program stops", now);
        }
    }

    /// <summary>When <see cref="Advance"/> and a round of driving are due next; null when nothing is set.</summary>
    public TimeSpan? NextDue(TimeSpan now) => _outputs.Where(output => output.Unavailable is null).Min(output => output.NextDue(now, _lostSince));

    /// <summary>The next level to drive at this instant. Switching off comes before switching on.</summary>
    public bool TryTakeDrive(TimeSpan now, out int index, out double level)
    {
        (index, level) = (-1, 0);
        for (int i = 0; i < _outputs.Length; i++)
        {
            if (_outputs[i].IsDriveDue(now, out double due) && (index < 0 || due < level))
            {
                (index, level) = (i, due);
            }
        }

        return index >= 0;
    }

    /// <summary>What driving came to; a failure's text when the hardware did not take the level.</summary>
    public void Drove(int index, double level, string? failure, TimeSpan now)
    {
        if (failure is null)
        {
            _outputs[index].Took(level, now);
        }
        else
        {
            _outputs[index].Refused(level, failure, now);
        }
    }

    private static double LevelOf(OutputState output, OutputCommand command) => command.Kind switch
    {
        OutputCommandKind.Set => command.Level ?? output.OnLevel,
        OutputCommandKind.Toggle => output.Target > 0 ? 0 : output.OnLevel,
        OutputCommandKind.Pulse => command.Level ?? (output.Rules.FailSafeLevel > 0 ? 0 : output.OnLevel),
        _ => output.Rules.FailSafeLevel,
    };

    private static void Carry(OutputState output, OutputCommand command, double level, TimeSpan now)
    {
        if (command.Kind == OutputCommandKind.Arm)
        {
            output.Arm();
            return;
        }

        if (command.Kind == OutputCommandKind.MakeSafe)
        {
            output.MakeSafe($"command of {command.By}", now);
        }

        output.Take(level, command.Duration, command.By, now);
    }

    private (OutputRefusal, string, TimeSpan?) Judge(OutputState output, OutputCommand command, double level, TimeSpan now)
    {
        string name = output.Rules.Name;
        if (_isStopping || output.Unavailable is not null)
        {
            return _isStopping
                ? (OutputRefusal.Stopping, "the node is stopping", null)
                : (OutputRefusal.Unavailable, $"{name} is not available: {output.Unavailable}", null);
        }

        if (command.Kind == OutputCommandKind.Arm)
        {
            return output.Fault is { } wrong ? (OutputRefusal.Fault, $"{name} is at fault and cannot be armed: {wrong}", null) : Fine;
        }

        if (command.Kind == OutputCommandKind.MakeSafe)
        {
            return Fine;
        }

        if (RangeFault(output, command, level) is { } range)
        {
            return (OutputRefusal.OutOfRange, range, null);
        }

        if (level != output.Rules.FailSafeLevel && (output.Fault ?? output.Disarmed) is { } reason)
        {
            return output.Fault is not null
                ? (OutputRefusal.Fault, $"{name} is at fault: {reason}", null)
                : (OutputRefusal.Disarmed, $"{name} waits to be armed: {reason}; call arm when it is safe to go on", null);
        }

        return level > 0 == output.Target > 0 ? Fine : JudgeSwitch(output, level, now);
    }

    private (OutputRefusal, string, TimeSpan?) JudgeSwitch(OutputState output, double level, TimeSpan now)
    {
        string name = output.Rules.Name;
        if (output.SwitchLeft(now) is { Ticks: > 0 } interval)
        {
            return (OutputRefusal.SwitchInterval, $"{name} was switched too short a time ago; it can be switched in {Text(interval)}", interval);
        }

        if (output.DwellLeft(now) is { Ticks: > 0 } dwell)
        {
            return (OutputRefusal.Dwell, $"{name} must stay {(level > 0 ? "off" : "on")} for another {Text(dwell)}", dwell);
        }

        return level > 0 ? JudgePartners(output, now) : Fine;
    }

    private (OutputRefusal, string, TimeSpan?) JudgePartners(OutputState output, TimeSpan now)
    {
        foreach (OutputState partner in Partners(output))
        {
            if (partner.MayBeOn)
            {
                string how = partner.Unavailable is not null ? "cannot be told to be off" : partner.Target > 0 ? "is on" : "is not known to be off";
                return (OutputRefusal.Interlock, $"{partner.Rules.Name} of the same interlock group {how}", null);
            }

            TimeSpan free = partner.OffSince + output.Rules.DeadTime;
            if (free > now)
            {
                return (OutputRefusal.DeadTime, $"{partner.Rules.Name} of the same interlock group went off just now; wait {Text(free - now)}", free - now);
            }
        }

        return Fine;
    }

    private IEnumerable<OutputState> Partners(OutputState output) => _outputs.Where(other =>
        !ReferenceEquals(other, output) && output.Rules.InterlockGroup is { } group && other.Rules.InterlockGroup == group);

    private static string? RangeFault(OutputState output, OutputCommand command, double level)
    {
        string name = output.Rules.Name;
        OutputLimits limits = output.Limits;
        (double lowest, double highest) = output.Rules.Shape is { } shape ? (shape.MinimumDuty, shape.MaximumDuty) : (1, 1);
        if (!(level == 0 || (level >= lowest && level <= highest) || level == output.Rules.FailSafeLevel))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{name} cannot take the level {level}; allowed is 0")
                + (lowest == highest ? " or 1" : string.Create(CultureInfo.InvariantCulture, $" or {lowest} to {highest}"));
        }

        if (command.Duration is not { } length)
        {
            return null;
        }

        TimeSpan shortest = level > 0 ? limits.MinimumOnTime : limits.MinimumOffTime;
        TimeSpan longest = Shorter(level > 0 ? limits.MaximumOnTime : default, limits.Lease);
        return level == output.Rules.FailSafeLevel ? $"{name} is in this state when left alone; a pulse takes another one"
            : length <= TimeSpan.Zero ? "a pulse must be longer than 0 s"
            : length < shortest ? $"a pulse of {Text(length)} is too short; the shortest is {Text(shortest)}"
            : longest > TimeSpan.Zero && length > longest ? $"a pulse of {Text(length)} is too long; the longest is {Text(longest)}"
            : null;
    }

    /// <summary>The shorter of two limits of which zero means none.</summary>
    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one == default || (other != default && other < one) ? other : one;

    private static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");

    private static void ThrowIfContradictory(OutputRules rules, OutputLimits limits)
    {
        string? fault = Contradiction(rules, limits);
        if (fault is not null)
        {
            throw new ArgumentException($"{rules.Name}: {fault}");
        }
    }

    /// <summary>What is wrong with rules and limits taken together; null when nothing is.</summary>
    internal static string? Contradiction(OutputRules rules, OutputLimits limits) =>
        rules.FailSafeLevel > 0 && limits.MaximumOnTime > TimeSpan.Zero ? "a maximum on-time needs the fail-safe state off"
        : rules.FailSafeLevel > 0 && rules.InterlockGroup is not null ? "an interlock group needs the fail-safe state off"
        : rules.Shape is { } shape && (shape.MinimumDuty <= 0 || shape.MaximumDuty > 1 || shape.MinimumDuty > shape.MaximumDuty)
            ? "the duty limits must lie between 0 and 1, the lowest first"
        : rules.Shape is null && rules.FailSafeLevel is not (0 or 1) ? "the fail-safe level of an on/off output is 0 or 1"
        : null;
}

/// <summary>One output as the program begins with it.</summary>
/// <param name="Rules">What it is.</param>
/// <param name="Limits">Its limits.</param>
/// <param name="Unavailable">Why its hardware cannot be had; null when it can.</param>
/// <param name="Disarmed">Why it must be armed first, from an earlier run; null when it need not.</param>
internal sealed record OutputStart(OutputRules Rules, OutputLimits Limits, string? Unavailable = null, string? Disarmed = null);
