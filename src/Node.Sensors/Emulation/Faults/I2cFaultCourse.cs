namespace Node.Sensors.Emulation;

/// <summary>What the fault plan of a board does to the transfers of one of its I2C buses.</summary>
internal sealed class I2cFaultCourse(EmulatedSurroundings surroundings, SupplyCourse supply, StuckLine line)
{
    /// <summary>Brings supplies up to date. Called while the bus is free.</summary>
    public void Settle() => supply.Settle();

    /// <summary>The errno that every transfer ends with, or 0.</summary>
    public int Stuck() => line.Errno(surroundings.Elapsed);

    public void Pulse() => line.Pulse(surroundings.Elapsed);

    /// <summary>One transfer with a chip that has faults. Called with the chip's gate held.</summary>
    /// <returns>The errno that it ends with, or 0.</returns>
    public int Exchange(EmulatedChip chip, ChipFaults faults, bool writes, ReadOnlySpan<byte> write, Span<byte> read)
    {
        TimeSpan now = surroundings.Elapsed;
        if (faults.Begin(now) is not 0 and int errno) { return errno; }

        chip.ShowId(faults.Id(now));
        if (writes && Write(chip, faults, now, write) is not 0 and int refused) { return refused; }

        if (read.IsEmpty) { return 0; }

        if (!chip.TryRead(read)) { return EmulatedBusError.RemoteInputOutput; }

        faults.Disturb(now, read, FlipDirection.Read);
        return 0;
    }

    private static int Write(EmulatedChip chip, ChipFaults faults, TimeSpan now, ReadOnlySpan<byte> write)
    {
        byte[] bytes = write.ToArray();
        faults.Disturb(now, bytes, FlipDirection.Write);
        if (faults.Refusal(now, bytes.Length) is not { } refusal) { return chip.TryWrite(bytes) ? 0 : EmulatedBusError.RemoteInputOutput; }

        chip.TryWrite(bytes.AsSpan(0, refusal.Bytes));
        return refusal.Errno;
    }
}
