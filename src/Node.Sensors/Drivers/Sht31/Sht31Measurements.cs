using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>Brings measurements out of an SHT31 that was initialised: single shots, or what its own rhythm gave. Source: SHT3x-DIS datasheet version 5, sections 4.3 to 4.6.</summary>
internal sealed class Sht31Measurements(SensirionCommands commands, Sht31Settings settings, TimeProvider time)
{
    /// <summary>A checksum mismatch costs the measurement, since reading empties the chip's buffer, so the measurement is repeated, a bounded number of times.</summary>
    public async Task<Sht31Frame> NextAsync(CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return settings.IsPeriodic ? await FetchAsync(cancellationToken) : await MeasureOnceAsync(cancellationToken);
            }
            catch (SensorException failure) when (failure.Fault == SensorFault.ChecksumMismatch && attempt < settings.Attempts)
            {
                // The next turn measures anew; what came is not used.
            }
        }
    }

    private async Task<Sht31Frame> MeasureOnceAsync(CancellationToken cancellationToken)
    {
        commands.Send(settings.Measure);
        return await WaitForAsync(null, settings.TypicalTime, settings.MaximumTime * 2, cancellationToken);
    }

    private Task<Sht31Frame> FetchAsync(CancellationToken cancellationToken) =>
        WaitForAsync(Sht31Command.FetchData, Sht31Link.CommandPause, (settings.Period + settings.MaximumTime) * 2, cancellationToken);

    /// <summary>The chip refuses to be read until it has finished, so asking is waiting. In periodic mode each question is a command of its own.</summary>
    private async Task<Sht31Frame> WaitForAsync(ushort? question, TimeSpan firstWait, TimeSpan limit, CancellationToken cancellationToken)
    {
        ushort[] words = new ushort[Sht31Frame.Words];
        long start = time.GetTimestamp();
        TimeSpan wait = firstWait;
        while (true)
        {
            if (question is { } command) { commands.Send(command); }

            await Task.Delay(wait, time, cancellationToken);
            bool late = time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            if (commands.TryReceive(words)) { return new Sht31Frame(words[0], words[1]); }

            if (late)
            {
                throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
                    $"{commands.Place}: the SHT31 had no measurement after {limit.TotalMilliseconds:0.#} ms, so it is gone or lost power meanwhile: check its supply."));
            }

            wait = question is null ? Sht31Link.CommandPause : TimeSpan.FromTicks(Math.Max(Sht31Link.CommandPause.Ticks, settings.Period.Ticks / 20));
        }
    }
}
