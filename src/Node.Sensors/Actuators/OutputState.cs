namespace Node.Sensors.Actuators;

/// <summary>
/// One output's state over time: its goal, what was driven, what was read back, and what ends it. Decides nothing about other outputs.
/// Instants are times since any fixed origin.
/// </summary>
internal sealed class OutputState
{
    private const double Tolerance = 0.02; // of a proportional output's level, read back
    private static readonly TimeSpan RampStep = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private OutputLimits _limits;
    private TimeSpan _rampStart;
    private TimeSpan _boostEnds;
    private double _rampFrom;
    private double _lastOn;
    private TimeSpan? _onSince;
    private TimeSpan _switchedAt;
    private TimeSpan _retryAt;
    private TimeSpan? _leaseEnds;
    private TimeSpan? _pulseEnds;
    private TimeSpan? _commandedAt;
    private string? _commandedBy;
    private bool _lossCounted;
    private bool _ramps; // a commanded level is approached, the fail-safe level is taken at once

    /// <summary>Begins in the fail-safe state, as if it had been on until this instant: nobody knows what was before.</summary>
    public OutputState(OutputRules rules, OutputLimits limits, string? unavailable, string? disarmed, TimeSpan now)
    {
        Rules = rules;
        _limits = limits;
        Unavailable = unavailable;
        Disarmed = disarmed;
        Target = rules.FailSafeLevel;
        OffSince = now;
        _switchedAt = now;
        _onSince = Target > 0 ? now : null;
        _lastOn = rules.Shape?.MaximumDuty ?? 1;
    }

    public OutputRules Rules { get; }

    public string? Unavailable { get; }

    /// <summary>What is wrong now; null when nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>How often something went wrong so far.</summary>
    public long Faults { get; private set; }

    /// <summary>What went wrong last; stays when it is over.</summary>
    public string LastFault { get; private set; } = "";

    public string? Disarmed { get; private set; }

    public double Target { get; private set; }

    public string Cause { get; private set; } = "fail-safe state at the start";

    /// <summary>What was driven last; null before the first time and after a failure.</summary>
    public double? Driven { get; private set; }

    public double? Observed { get; private set; }

    /// <summary>When it was last driven off and read back as off.</summary>
    public TimeSpan OffSince { get; private set; }

    /// <summary>Whether current may flow: it is on, is to be on, cannot be told, or reads back as on.</summary>
    public bool MayBeOn => Unavailable is not null || Target > 0 || Driven is not 0 || Observed is not 0;

    public bool IsSafe => Target == Rules.FailSafeLevel;

    /// <summary>The level that switching on takes: the last one that was on.</summary>
    public double OnLevel => _lastOn;

    /// <summary>The limits in force. A shorter lease shortens the one that runs.</summary>
    public OutputLimits Limits => _limits;

    public void SetLimits(OutputLimits limits, TimeSpan now)
    {
        _limits = limits;
        if (_leaseEnds is { } ends && limits.Lease > TimeSpan.Zero && now + limits.Lease < ends)
        {
            _leaseEnds = now + limits.Lease;
        }
    }

    /// <summary>How long until the dwell time allows a switch; zero when it does.</summary>
    public TimeSpan DwellLeft(TimeSpan now) => Target > 0
        ? Left(_onSince ?? now, _limits.MinimumOnTime, now)
        : Left(OffSince, _limits.MinimumOffTime, now);

    public TimeSpan SwitchLeft(TimeSpan now) => Left(_switchedAt, _limits.MinimumSwitchInterval, now);

    /// <summary>Carries out a command that was judged.</summary>
    public void Take(double level, TimeSpan? pulse, string by, TimeSpan now)
    {
        if (level > 0 != Target > 0)
        {
            _switchedAt = now;
        }

        _ramps = true;
        SetTarget(level, $"command of {by}", now);
        _commandedAt = now;
        _commandedBy = by;
        _pulseEnds = pulse is { } length ? now + length : null;
        _leaseEnds = !IsSafe && _limits.Lease > TimeSpan.Zero ? now + _limits.Lease : null;
    }

    /// <summary>Takes the fail-safe state, whatever dwell times say.</summary>
    public void MakeSafe(string cause, TimeSpan now)
    {
        _ramps = false;
        if (!IsSafe)
        {
            SetTarget(Rules.FailSafeLevel, cause, now);
        }

        _pulseEnds = null;
        _leaseEnds = null;
    }

    public void Disarm(string reason) => Disarmed ??= Rules.NeedsRearming ? reason : null;

    public void Arm() => Disarmed = null;

    /// <summary>Ends what has lasted long enough.</summary>
    public void Advance(TimeSpan now, TimeSpan? lostSince)
    {
        if (_onSince is { } since && _limits.MaximumOnTime > TimeSpan.Zero && now - since >= _limits.MaximumOnTime)
        {
            MakeSafe("maximum on-time reached", now);
        }
        else if (_pulseEnds <= now)
        {
            MakeSafe("pulse ended", now);
        }
        else if (_leaseEnds <= now)
        {
            MakeSafe("lease ended without another command", now);
        }

        _lossCounted &= lostSince is not null;
        if (!_lossCounted && LossDue(lostSince) <= now)
        {
            _lossCounted = true;
            MakeSafe("connection lost for too long", now);
            Disarm("the connection was lost for too long");
        }
    }

    /// <summary>When <see cref="Advance"/> has something to do next; null when nothing is set.</summary>
    public TimeSpan? NextDue(TimeSpan now, TimeSpan? lostSince)
    {
        TimeSpan? due = Earlier(_pulseEnds, _leaseEnds);
        if (_onSince is { } since && _limits.MaximumOnTime > TimeSpan.Zero)
        {
            due = Earlier(due, since + _limits.MaximumOnTime);
        }

        if (!_lossCounted)
        {
            due = Earlier(due, LossDue(lostSince));
        }

        return LevelAt(now) != Target ? Earlier(due, now < _boostEnds ? _boostEnds : now + RampStep)
            : Driven is null ? Earlier(due, _retryAt)
            : due;
    }

    /// <summary>Whether something is to be driven at this instant, and what.</summary>
    public bool IsDriveDue(TimeSpan now, out double level)
    {
        level = LevelAt(now);
        return Unavailable is null && Driven != level && now >= _retryAt;
    }

    /// <summary>The hardware took the level.</summary>
    public void Took(double level, TimeSpan now)
    {
        if (level == 0 && Driven is not 0)
        {
            OffSince = now;
        }

        Driven = level;
        _retryAt = default;
    }

    /// <summary>The hardware did not take the level: what it does is not known. The fail-safe level is tried at once, then every second.</summary>
    public void Refused(double level, string reason, TimeSpan now)
    {
        Driven = null;
        Observed = null;
        bool wasSafe = level == Rules.FailSafeLevel;
        Fail(reason, now);
        _retryAt = wasSafe ? now + RetryPause : now;
    }

    /// <summary>What was read back. Another state than the one driven is a fault; agreement ends it.</summary>
    public void Read(double? observed, string? failure, TimeSpan now)
    {
        Observed = observed;
        if (Driven is not { } driven)
        {
            return;
        }

        bool agrees = observed is { } level && level > 0 == driven > 0 && (Rules.Shape is null || Math.Abs(level - driven) <= Tolerance);
        if (agrees)
        {
            OffSince = Fault is not null && driven == 0 ? now : OffSince; // It was not known to be off until now.
            Fault = null;
            return;
        }

        Fail(failure ?? $"reads back {Name(observed)} although {Name(driven)} was driven; look for a short circuit or a second driver of the line", now);
    }

    public OutputStatus Status(TimeSpan now) => new(
        Rules.Name, Observed, Target, Rules.FailSafeLevel, Cause, now - _commandedAt, _commandedBy, now - _onSince,
        Earlier(_leaseEnds, _pulseEnds) - now, Unavailable ?? Fault, Disarmed);

    private static string Name(double? level) => level switch { null => "nothing", > 0 => "on", _ => "off" };

    private static TimeSpan Left(TimeSpan since, TimeSpan needed, TimeSpan now) => since + needed > now ? since + needed - now : TimeSpan.Zero;

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private TimeSpan? LossDue(TimeSpan? lostSince) => _limits.CommunicationTimeout > TimeSpan.Zero ? lostSince + _limits.CommunicationTimeout : null;

    private void Fail(string reason, TimeSpan now)
    {
        Fault = reason;
        LastFault = reason;
        Faults++;
        MakeSafe("at fault", now);
        Disarm(reason);
    }

    private void SetTarget(double level, string cause, TimeSpan now)
    {
        Cause = cause;
        if (level == Target)
        {
            return;
        }

        StartRamp(level, now);
        _onSince = level > 0 ? _onSince ?? now : null;
        _lastOn = level > 0 ? level : _lastOn;
        Target = level;
        _retryAt = default;
    }

    private void StartRamp(double level, TimeSpan now)
    {
        if (Rules.Shape is { } shape)
        {
            _rampFrom = Target > 0 ? LevelAt(now) : shape.MinimumDuty;
            _boostEnds = Target == 0 && level > 0 ? now + shape.BoostTime : _boostEnds;
            _rampStart = _boostEnds > now ? _boostEnds : now;
            _rampFrom = _boostEnds > now ? Math.Max(shape.BoostDuty, _rampFrom) : _rampFrom;
        }
    }

    private double LevelAt(TimeSpan now)
    {
        if (Rules.Shape is not { } shape || Target == 0 || !_ramps)
        {
            return Target;
        }

        if (now < _boostEnds)
        {
            return Math.Clamp(Math.Max(shape.BoostDuty, Target), shape.MinimumDuty, shape.MaximumDuty);
        }

        double moved = shape.SlewPerSecond * (now - _rampStart).TotalSeconds;
        return shape.SlewPerSecond == 0 ? Target
            : Target > _rampFrom ? Math.Min(Target, _rampFrom + moved)
            : Math.Max(Target, _rampFrom - moved);
    }
}
