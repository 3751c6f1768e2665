using Node.Host.Sensing;

namespace Node.Host.Automation;

/// <summary>One threshold at work: what watches it, what it drives, how it stands.</summary>
internal sealed class WatchedThreshold(Threshold threshold, AlarmDrive drive, RaisedAlarm? raised)
{
    private bool _resumes = raised is not null;

    public Threshold Threshold => threshold;

    public ThresholdWatch Watch { get; } = new(threshold, raised is not null);

    public AlarmDrive Drive => drive;

    public AlarmState State { get; private set; } = raised is null ? AlarmState.Normal : new AlarmState(true, raised.Since, raised.Value);

    /// <summary>Takes a value, and drives what is to be driven before anybody is told.</summary>
    /// <returns>Whether the alarm was raised or cleared by it.</returns>
    public bool Judge(JudgedValue value, TimeSpan now, DateTimeOffset at)
    {
        TimeSpan past = Watch.PastFor(now);
        bool changed = Watch.Judge(value.Raw, now);
        if (changed)
        {
            Change(threshold.Shown(value.Raw, value.Decimals), at - (Watch.IsRaised ? Watch.PastFor(now) : past));
        }
        else if (_resumes)
        {
            drive.Raise(); // The restart made the actuator safe, and the alarm still stands.
        }
        else
        {
            drive.Turn(Watch.IsRaised);
        }

        _resumes = false;
        State = State with { Drive = drive.Outcome };
        return changed;
    }

    /// <summary>Ends a raised alarm that an operator clears or whose threshold goes; it keeps the value that raised it.</summary>
    public void End(DateTimeOffset since)
    {
        drive.Clear();
        State = new AlarmState(false, since, State.Value) { Drive = drive.Outcome };
    }

    private void Change(double value, DateTimeOffset since)
    {
        if (Watch.IsRaised)
        {
            drive.Raise();
        }
        else
        {
            drive.Clear();
        }

        State = new AlarmState(Watch.IsRaised, since, value);
    }
}
