using System.Device.I2c;
using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Emulation;

/// <summary>Plays the transfers of a recorded trace against a board, to see how much of each chip the recorded run touched.</summary>
public static class TraceExercise
{
    /// <summary>Makes every transfer of the trace at its time; what the chips answer is left out of account, and so are transfers to chips that the board lacks.</summary>
    /// <param name="board">The board; its clock must be <paramref name="advance"/>'s.</param>
    /// <param name="trace">What was recorded.</param>
    /// <param name="advance">Lets a time pass on the board's clock.</param>
    /// <returns>How many transfers were made and how many the board refused.</returns>
    public static (int Made, int Refused) Play(EmulatedBoard board, BusTrace trace, Action<TimeSpan> advance)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(advance);
        (int made, int refused) = (0, 0);
        foreach (BusTraceEntry entry in trace.Entries.Where(static entry => entry.Bus != "gpio"))
        {
            if (entry.At > board.Elapsed) { advance(entry.At - board.Elapsed); }

            if (TryMake(board, entry)) { made++; }
            else { refused++; }
        }

        return (made, refused);
    }

    private static bool TryMake(EmulatedBoard board, BusTraceEntry entry)
    {
        string[] numbers = entry.Bus[4..].Split('.');
        if (!int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int bus)) { return false; }

        try
        {
            byte[] read = new byte[entry.In.Length];
            if (entry.Bus.StartsWith("spi-", StringComparison.Ordinal)) { Exchange(board, bus, numbers, entry, read); }
            else if (board.TryGetI2cBus(bus, out EmulatedI2cBus? wire)) { Transfer(new EmulatedI2cDevice(wire, entry.Address), entry, read); }
            else { return false; }

            return true;
        }
        catch (IOException)
        {
            return false; // as the recorded transfer may have been refused too
        }
    }

    private static void Exchange(EmulatedBoard board, int bus, string[] numbers, BusTraceEntry entry, byte[] read)
    {
        int select = numbers.Length > 1 && int.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out int line) ? line : 0;
        SpiMode mode = board.TryGetSpiBus(bus, out EmulatedSpiBus? wire) && wire.Chips.TryGetValue(select, out EmulatedSpiChip? chip) ? chip.Modes[0] : SpiMode.Mode0;
        using EmulatedSpiDevice device = new(board, new SpiConnectionSettings(bus, select) { Mode = mode, ClockFrequency = 1_000_000 });
        switch (entry.Operation)
        {
            case BusOperation.Write:
                device.Write(entry.Out.Span);
                break;
            case BusOperation.Read:
                device.Read(read);
                break;
            default:
                device.TransferFullDuplex(entry.Out.Span, read);
                break;
        }
    }

    private static void Transfer(I2cDevice device, BusTraceEntry entry, byte[] read)
    {
        switch (entry.Operation)
        {
            case BusOperation.Write:
                device.Write(entry.Out.Span);
                break;
            case BusOperation.Read:
                device.Read(read);
                break;
            default:
                device.WriteRead(entry.Out.Span, read);
                break;
        }
    }
}
