using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>The 7-bit addresses that the I2C specification leaves to chips, and how texts print them.</summary>
internal static class I2cAddress
{
    public const int Lowest = 0x03;
    public const int Highest = 0x77;

    public static void ThrowIfNotUsable(int busId, int address)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(busId);
        ArgumentOutOfRangeException.ThrowIfLessThan(address, Lowest);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, Highest);
    }

    public static string Place(int busId, int address) =>
        string.Create(CultureInfo.InvariantCulture, $"I2C bus {busId} address 0x{address:X2}");
}
