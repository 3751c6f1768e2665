namespace Node.Sensors.Drivers;

/// <summary>
/// Brings measurements out of an SCD41 that was initialised. What the chip refuses it is asked again: a chip that is busy with a command
/// refuses everything, and a buffer that another program emptied fills again. Source: SCD4x datasheet version 1.4, sections 3.5 and 3.8.
/// </summary>
internal sealed class Scd41Measurements(Scd41Link link, Scd41Settings settings, TimeProvider time)
{
    /// <summary>A single shot is over after its time; what may still be missing is the end of another program's command.</summary>
    private static readonly TimeSpan PatienceAfterSingleShot = TimeSpan.FromSeconds(1);

    /// <summary>How often another program may have read a measurement first before the wait ends as usual.</summary>
    private const int MostThefts = 3;

    /// <summary>Beyond so many periods the chip's clock and the node's may have parted too far to expect anything.</summary>
    private const int LongestRhythm = 20;

    private long? _madeAt;

    /// <summary>Whether the next single shot is not to be used, because it is the first after power-up: section 3.10.1.</summary>
    public bool DiscardsNext { get; set; }

    /// <summary>The chip was told just now to measure by its own clock: the first measurement comes a period later.</summary>
    public void BeginRhythm() => _madeAt = time.GetTimestamp();

    /// <summary>The next measurement: in periodic mode the one that waits or comes next, else one of its own.</summary>
    /// <returns><see langword="null"/> when a chip that measures would have had one by now.</returns>
    public async Task<Scd41Frame?> TryNextAsync(CancellationToken cancellationToken)
    {
        if (settings.IsPeriodic) { return await TryTakeAsync(settings.Period * 1.1, ExpectedIn, cancellationToken); } // a tenth to spare for its clock

        while (true)
        {
            await link.DoAsync(settings.Measure, settings.Period, cancellationToken);
            Scd41Frame? frame = await TryTakeAsync(PatienceAfterSingleShot, null, cancellationToken);
            if (frame is null || !DiscardsNext) { return frame; }

            DiscardsNext = false;
        }
    }

    /// <summary>
    /// Asks whether there is one; if not, once more just before the next is expected, and from then on, or where nothing is known, a hundred times a period. A chip asked all the
    /// time would keep bus and processor busy for nothing.
    /// </summary>
    private async Task<Scd41Frame?> TryTakeAsync(TimeSpan limit, Func<TimeSpan>? expectedIn, CancellationToken cancellationToken)
    {
        TimeSpan pause = settings.Period / 100;
        long start = time.GetTimestamp();
        int thefts = 0;
        for (int looks = 1; ; looks++)
        {
            bool late = time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            ushort status = await link.AskAsync(Scd41Command.DataReady, null, Scd41Link.CommandTime, cancellationToken);
            if ((status & Scd41Command.DataReadyBits) != 0)
            {
                _madeAt = looks > 1 ? time.GetTimestamp() : _madeAt; // made since the last look: at most a pause ago
                if (await link.TryReadMeasurementAsync(cancellationToken) is { } frame) { return frame; }

                late &= thefts++ >= MostThefts; // it does measure, so the next one is a period away
                start = thefts <= MostThefts ? time.GetTimestamp() : start;
            }

            if (late) { return null; }

            TimeSpan expected = looks == 1 && expectedIn is not null ? expectedIn() - pause : pause;
            await Task.Delay(expected > pause ? expected : pause, time, cancellationToken);
        }
    }

    /// <summary>Time until the chip's rhythm brings the next measurement; zero when the rhythm is not known.</summary>
    private TimeSpan ExpectedIn()
    {
        TimeSpan since = _madeAt is { } made ? time.GetElapsedTime(made) : TimeSpan.MaxValue;
        return since < settings.Period * LongestRhythm ? settings.Period - new TimeSpan(since.Ticks % settings.Period.Ticks) : TimeSpan.Zero;
    }
}
