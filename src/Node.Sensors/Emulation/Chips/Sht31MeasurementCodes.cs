namespace Node.Sensors.Emulation;

/// <summary>The commands of an SHT31 that measure. Source: SHT3x-DIS datasheet version 5, tables 9, 10 and 12.</summary>
internal static class Sht31MeasurementCodes
{
    public const int Low = 0;
    public const int Medium = 1;
    public const int High = 2;

    /// <summary>Four measurements a second, at high repeatability: accelerated response time.</summary>
    public const int Accelerated = 0x2B32;

    /// <summary>One measurement.</summary>
    public static IReadOnlyList<(int Code, int Repeatability, bool Stretches)> Once { get; } =
    [
        (0x2400, High, false), (0x240B, Medium, false), (0x2416, Low, false),
        (0x2C06, High, true), (0x2C0D, Medium, true), (0x2C10, Low, true),
    ];

    /// <summary>One after the other, by the chip's own clock.</summary>
    public static IReadOnlyList<(int Code, int Repeatability, TimeSpan Period)> Periodic { get; } =
    [
        .. Every(2000, 0x2032, 0x2024, 0x202F), .. Every(1000, 0x2130, 0x2126, 0x212D), .. Every(500, 0x2236, 0x2220, 0x222B),
        .. Every(250, 0x2334, 0x2322, 0x2329), .. Every(100, 0x2737, 0x2721, 0x272A),
    ];

    private static (int Code, int Repeatability, TimeSpan Period)[] Every(int milliseconds, int high, int medium, int low)
    {
        TimeSpan period = TimeSpan.FromMilliseconds(milliseconds);
        return [(high, High, period), (medium, Medium, period), (low, Low, period)];
    }
}
