using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>Brings an SCD41 into the state that the options ask for, and tells whether it is in it. Source: SCD4x datasheet version 1.4, sections 3.5 to 3.9.</summary>
internal sealed class Scd41Setup(Scd41Link link, Scd41Settings settings)
{
    /// <summary>Wherever the chip is, measuring, busy, asleep or idle, it is idle afterwards.</summary>
    public async Task EnterIdleAsync(CancellationToken cancellationToken)
    {
        await link.WakeAsync(settings.LongestBusyTime, cancellationToken);
        await link.DoAsync(Scd41Command.StopPeriodic, Scd41Link.StopTime, cancellationToken);
    }

    /// <summary>Identifies the chip, writes the settings that it does not have and, in periodic mode, lets it begin.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await EnterIdleAsync(cancellationToken);
        await link.ReinitializeAsync(cancellationToken);
        await link.RequireIdentityAsync(cancellationToken);
        foreach ((ushort get, ushort set, ushort word) in settings.Words) { await link.ConfigureAsync(get, set, word, cancellationToken); }

        if (settings.Pressure is { } hectopascals) // set even if the chip tells the same: only when it was set does it replace the altitude
        {
            await link.SetAsync(Scd41Command.AmbientPressure, Scd41Command.AmbientPressure, hectopascals, cancellationToken);
        }

        if (settings.IsPeriodic) { await link.DoAsync(settings.Measure, Scd41Link.CommandTime, cancellationToken); }
    }

    /// <summary>
    /// An idle chip can be asked for its settings. A measuring one cannot, and need not: a brown-out ends its rhythm, so that no data come.
    /// One that acknowledges nothing may just be starting.
    /// </summary>
    public async Task<bool> IsLostAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!settings.IsPeriodic) { return !await AreInForceAsync(cancellationToken); }

            await link.AskAsync(Scd41Command.DataReady, null, Scd41Link.CommandTime, cancellationToken);
            return false;
        }
        catch (SensorException silence) when (silence.Fault == SensorFault.NoAcknowledge)
        {
            return true;
        }
    }

    private async Task<bool> AreInForceAsync(CancellationToken cancellationToken)
    {
        foreach ((ushort get, _, ushort word) in settings.Words)
        {
            if (await link.AskAsync(get, null, Scd41Link.CommandTime, cancellationToken) != word) { return false; }
        }

        return settings.Pressure is not { } hectopascals
            || await link.AskAsync(Scd41Command.AmbientPressure, null, Scd41Link.CommandTime, cancellationToken) == hectopascals;
    }
}
