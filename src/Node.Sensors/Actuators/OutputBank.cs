using Node.Sensors.Bus;

namespace Node.Sensors.Actuators;

/// <summary>
/// All outputs of a program and their hardware. Every output is in its fail-safe state when the bank is made and when it is disposed; in
/// between, time limits are kept by a timer of the bank's own, whatever else the program does. Safe for use by several threads.
/// </summary>
public sealed class OutputBank : IDisposable
{
    /// <summary>How often every output is read back when nothing else is due.</summary>
    public static readonly TimeSpan ReadBackPeriod = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);
    private const int MostDrives = 256; // in a round; more means a defect, and the next round goes on

    private readonly Lock _gate = new();
    private readonly OutputSafety _safety;
    private readonly IOutputPort?[] _ports;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private bool _disposed;

    /// <summary>Takes over the ports, which the bank disposes.</summary>
    /// <param name="outputs">Every output with its port.</param>
    /// <param name="time">Source of instants and of the bank's timer.</param>
    /// <exception cref="ArgumentException">An output's rules and limits contradict each other.</exception>
    public OutputBank(IReadOnlyList<OutputOnPort> outputs, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _origin = time.GetTimestamp();
        _safety = new OutputSafety([.. outputs.Select(output => new OutputStart(output.Rules, output.Limits, output.Unavailable, output.Disarmed))], Now);
        _ports = [.. outputs.Select(output => output.Port)];
        _timer = time.CreateTimer(_ => Turn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Turn();
    }

    /// <summary>Told, on the thread that caused it and outside every lock, that some output's state or fault has changed.</summary>
    public Action? Changed { get; set; }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Judges a command, carries it out and says what is in force afterwards.</summary>
    /// <param name="index">The output's place in the list given at the start.</param>
    /// <param name="command">What is wanted.</param>
    public OutputAnswer Execute(int index, OutputCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        OutputAnswer answer;
        bool changed;
        lock (_gate)
        {
            long marks = Marks();
            ReadAll(); // An interlock is judged by what the pins do now, not by what they did at the last round.
            long faults = _safety[index].Faults;
            answer = _safety.Command(index, command, Now);
            Drive();
            Schedule();
            OutputState output = _safety[index];
            answer = answer.IsDone && output.Faults != faults
                ? answer with { Refusal = OutputRefusal.Fault, Reason = $"{output.Rules.Name} did not follow: {output.LastFault}" }
                : answer;
            answer = answer with { Status = output.Status(Now) };
            changed = marks != Marks();
        }

        Tell(changed);
        return answer;
    }

    /// <summary>An output as it is now; its read-back is at most <see cref="ReadBackPeriod"/> old.</summary>
    public OutputStatus StatusOf(int index)
    {
        lock (_gate) { return _safety[index].Status(Now); }
    }

    /// <summary>The limits in force.</summary>
    public OutputLimits LimitsOf(int index)
    {
        lock (_gate) { return _safety[index].Limits; }
    }

    /// <summary>Takes new limits, which hold for what runs already too.</summary>
    /// <exception cref="ArgumentException">They contradict each other or the output's rules; nothing is changed.</exception>
    public void SetLimits(int index, OutputLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        lock (_gate) { _safety.SetLimits(index, limits, Now); }

        Turn();
    }

    /// <summary>Says whether the connection that commands come by stands.</summary>
    public void SetConnected(bool connected)
    {
        lock (_gate) { _safety.SetConnected(connected, Now); }

        Turn();
    }

    /// <summary>Reads everything back, ends what has lasted long enough, drives what is due. The bank's timer calls it; calling it too often does no harm.</summary>
    public void Turn()
    {
        bool changed;
        lock (_gate)
        {
            if (_disposed) { return; }

            long marks = Marks();
            ReadAll();
            _safety.Advance(Now);
            Drive();
            Schedule();
            changed = marks != Marks();
        }

        Tell(changed);
    }

    /// <summary>Drives every fail-safe state and releases the hardware. A second call does nothing.</summary>
    /// <exception cref="SensorException">Some output could not be made safe; every port was released all the same.</exception>
    public void Dispose()
    {
        SensorException? failure = null;
        lock (_gate)
        {
            if (_disposed) { return; }

            _timer.Dispose();
            _safety.Stop(Now);
            Drive(); // And reads back, so that the last state that is told of an output is the one that it is left in.
            _disposed = true;
            foreach (IOutputPort? port in _ports)
            {
                try
                {
                    port?.Dispose();
                }
                catch (SensorException notSafe)
                {
                    failure = notSafe;
                }
            }
        }

        Tell(changed: true);
        if (failure is not null) { throw failure; }
    }

    private void ReadAll()
    {
        for (int i = 0; i < _ports.Length; i++)
        {
            Read(i);
        }
    }

    private void Read(int index)
    {
        if (_ports[index] is not { } port || _disposed) { return; }

        try
        {
            _safety[index].Read(port.ReadBack(), null, Now);
        }
        catch (SensorException unreadable)
        {
            _safety[index].Read(null, unreadable.Message, Now);
        }
    }

    private void Drive()
    {
        for (int i = 0; i < MostDrives && _safety.TryTakeDrive(Now, out int index, out double level); i++)
        {
            string? failure = null;
            try
            {
                _ports[index]!.Drive(level);
            }
            catch (SensorException refused)
            {
                failure = refused.Message;
            }

            _safety.Drove(index, level, failure, Now);
            if (failure is null) { Read(index); }
        }
    }

    private void Schedule()
    {
        if (_disposed || _ports.All(static port => port is null)) { return; }

        TimeSpan now = Now;
        TimeSpan wait = (_safety.NextDue(now) ?? now + ReadBackPeriod) - now;
        wait = wait < ShortestWait ? ShortestWait : wait > ReadBackPeriod ? ReadBackPeriod : wait;
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A number that differs when an output's goal, fault or arming does.</summary>
    private long Marks()
    {
        var marks = new HashCode();
        for (int i = 0; i < _safety.Count; i++)
        {
            OutputState output = _safety[i];
            marks.Add((output.Target, output.Observed, output.Fault, output.Disarmed, output.Cause));
        }

        return marks.ToHashCode();
    }

    private void Tell(bool changed)
    {
        if (changed) { Changed?.Invoke(); }
    }
}

/// <summary>An output with its hardware.</summary>
/// <param name="Rules">What it is.</param>
/// <param name="Limits">Its limits at the start.</param>
/// <param name="Port">Its hardware; <see langword="null"/> when that cannot be had.</param>
/// <param name="Unavailable">Why there is no port; <see langword="null"/> when there is one.</param>
/// <param name="Disarmed">Why it must be armed first, known from an earlier run; <see langword="null"/> when it need not.</param>
public sealed record OutputOnPort(OutputRules Rules, OutputLimits Limits, IOutputPort? Port, string? Unavailable = null, string? Disarmed = null);
