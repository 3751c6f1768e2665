namespace Node.Sensors.Emulation;

/// <summary>What the fault plan of a board does to the exchanges of one of its SPI buses.</summary>
internal sealed class SpiFaultCourse(EmulatedSurroundings surroundings, SupplyCourse supply)
{
    /// <summary>Brings supplies up to date. Called while the bus is free.</summary>
    public void Settle() => supply.Settle();

    /// <summary>An exchange with a chip begins.</summary>
    /// <param name="chip">The selected chip.</param>
    /// <param name="mosi">What is sent; bits may change.</param>
    /// <returns>The errno that it ends with before the chip sees anything of it, or 0.</returns>
    public int Begin(EmulatedSpiChip chip, Span<byte> mosi)
    {
        if (chip.Faults is not { } faults || !faults.TakesPart()) { return 0; }

        TimeSpan now = surroundings.Elapsed;
        if (faults.Begin(now) is not 0 and int errno) { return errno; }

        chip.ShowId(faults.Id(now));
        faults.Disturb(now, mosi, FlipDirection.Write);
        return 0;
    }

    /// <summary>The chip's answer is on its way.</summary>
    public void End(EmulatedSpiChip chip, Span<byte> miso)
    {
        if (chip.Faults is { Mine.Count: > 0 } faults) { faults.Disturb(surroundings.Elapsed, miso, FlipDirection.Read); }
    }
}
