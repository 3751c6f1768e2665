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

    /// <summary>Whether the next single shot is not to be used, because it is the first after power-up: section 3.10.1.</summary>
    public bool DiscardsNext { get; set; }

    /// <summary>The next measurement: in periodic mode the one that waits or comes next, else one of its own.</summary>
    /// <returns><see langword="null"/> when a chip that measures would have had one by now.</returns>
    public async Task<Scd41Frame?> TryNextAsync(CancellationToken cancellationToken)
    {
        if (settings.IsPeriodic) { return await TryTakeAsync(settings.Period * 1.1, cancellationToken); } // a tenth to spare for its clock

        while (true)
        {
            await link.DoAsync(settings.Measure, settings.Period, cancellationToken);
            Scd41Frame? frame = await TryTakeAsync(PatienceAfterSingleShot, cancellationToken);
            if (frame is null || !DiscardsNext) { return frame; }

            DiscardsNext = false;
        }
    }

    /// <summary>Asks a hundred times a period.</summary>
    private async Task<Scd41Frame?> TryTakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        int thefts = 0;
        while (true)
        {
            bool late = time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            ushort status = await link.AskAsync(Scd41Command.DataReady, null, Scd41Link.CommandTime, cancellationToken);
            if ((status & Scd41Command.DataReadyBits) != 0)
            {
                if (await link.TryReadMeasurementAsync(cancellationToken) is { } frame) { return frame; }

                late &= thefts++ >= MostThefts; // it does measure, so the next one is a period away
                start = thefts <= MostThefts ? time.GetTimestamp() : start;
            }

            if (late) { return null; }

            await Task.Delay(settings.Period / 100, time, cancellationToken);
        }
    }
}
