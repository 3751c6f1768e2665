using System.Globalization;
using Node.Sensors.Emulation;

namespace HilRig.Cli;

/// <summary>A board in lines for people.</summary>
internal static class BoardText
{
    public static void List(BoardFile file, TextWriter output)
    {
        using EmulatedBoard board = file.CreateBoard(TimeProvider.System);
        foreach (EmulatedChipOptions chip in file.Options.Chips) { output.WriteLine($"{chip.Name,-16} {chip.Chip,-9} {Place(chip, board)}{Pins(chip)}"); }
    }

    public static void Describe(BoardFile file, TextWriter output)
    {
        using EmulatedBoard board = file.CreateBoard(TimeProvider.System);
        foreach (EmulatedChipOptions chip in file.Options.Chips)
        {
            output.WriteLine($"{chip.Name}: {chip.Chip}, {Place(chip, board)}{Pins(chip)}");
            EmulatedChip emulated = board.Chips[chip.Name!];
            foreach (RegisterDescription register in emulated.Registers)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  0x{register.Address:X2} {register.Name,-24} reset 0x{register.Reset:X2}  {register.Access}  writable 0x{register.WriteMask:X2}"));
            }

            foreach (CommandDescription command in emulated.Commands)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  0x{command.Code:X4} {command.Name}, {command.ArgumentWords} words in, {command.ResponseWords} words out"));
            }
        }

        foreach (BusFault fault in file.Options.Faults.Faults) { output.WriteLine($"fault: {Fault(fault)}"); }
    }

    private static string Place(EmulatedChipOptions chip, EmulatedBoard board)
    {
        if (board.Chips[chip.Name!] is EmulatedSpiChip && chip.Address is null) { return string.Create(CultureInfo.InvariantCulture, $"SPI bus {chip.SpiBusId} select {chip.ChipSelect}"); }

        string behind = chip.Mux is { } mux ? string.Create(CultureInfo.InvariantCulture, $" behind 0x{mux.Address:X2} channel {mux.Channel}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"I2C bus {chip.BusId} address 0x{chip.Address:X2}{behind}");
    }

    private static string Pins(EmulatedChipOptions chip)
    {
        (string Name, int? Pin)[] pins = [("interrupt", chip.InterruptPin), ("second interrupt", chip.SecondInterruptPin), ("reset", chip.ResetPin)];
        return string.Concat(pins.Where(static one => one.Pin is not null).Select(static one => $", {one.Name} on GPIO {one.Pin}"));
    }

    private static string Fault(BusFault fault)
    {
        string target = fault.Chip ?? (fault.I2cBus is { } i2c ? $"I2C bus {i2c}" : fault.SpiBus is { } spi ? $"SPI bus {spi}" : "every chip");
        string length = fault.Duration is { } duration ? $"for {Durations.Write(duration)}" : fault.Kind == BusFaultKind.BrownOut ? "for an instant" : "for good";
        return $"{fault.Kind} of {target} at {Durations.Write(fault.At)} {length}";
    }
}
