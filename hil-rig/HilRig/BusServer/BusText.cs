using System.Globalization;
using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>What is on a board's buses, for people.</summary>
internal static class BusText
{
    /// <summary>A line for each bus with its chips.</summary>
    public static IEnumerable<string> Lines(EmulatedBoard board)
    {
        foreach (EmulatedI2cBus bus in board.I2cBuses.OrderBy(static one => one.BusId))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"/dev/i2c-{bus.BusId}     {string.Join(", ", bus.Chips.OrderBy(static chip => chip.Key).Select(static chip => $"0x{chip.Key:X2} {chip.Value.Name}"))}");
        }
        foreach (EmulatedSpiBus bus in board.SpiBuses.OrderBy(static one => one.BusId))
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"/dev/spidev{bus.BusId}.*  {string.Join(", ", bus.Chips.OrderBy(static chip => chip.Key).Select(static chip => $".{chip.Key} {chip.Value.Name}"))}");
        }
    }
}
