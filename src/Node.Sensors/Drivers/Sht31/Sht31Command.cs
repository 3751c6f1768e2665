namespace Node.Sensors.Drivers;

/// <summary>Commands of the SHT31 and what its status word means. Source: SHT3x-DIS datasheet version 5, sections 4.3 to 4.11; Alert Mode of SHT3x-DIS, table 2.</summary>
internal static class Sht31Command
{
    /// <summary>Sends the newest periodic measurement and forgets it; section 4.6.</summary>
    public const ushort FetchData = 0xE000;

    /// <summary>Leaves periodic mode and abandons a measurement; section 4.8.</summary>
    public const ushort Break = 0x3093;

    /// <summary>Section 4.9.</summary>
    public const ushort SoftReset = 0x30A2;

    /// <summary>Section 4.10.</summary>
    public const ushort HeaterOn = 0x306D;

    public const ushort ReadStatus = 0xF32D;
    public const ushort ClearStatus = 0x3041;

    /// <summary>Two words; the variant without clock stretching.</summary>
    public const ushort ReadSerialNumber = 0x3682;

    public const ushort WriteHighSet = 0x611D;
    public const ushort WriteHighClear = 0x6116;
    public const ushort WriteLowClear = 0x610B;
    public const ushort WriteLowSet = 0x6100;

    /// <summary>Status bit 13; section 4.11, table 18.</summary>
    public const ushort HeaterIsOn = 0x2000;

    /// <summary>Status bit 4: the chip has been reset, or lost power, since the status was last cleared.</summary>
    public const ushort ResetDetected = 0x0010;

    /// <summary>Status bit 1: the last command was not processed.</summary>
    public const ushort CommandFailed = 0x0002;

    /// <summary>Status bit 0: the checksum of the last write was wrong.</summary>
    public const ushort WriteChecksumFailed = 0x0001;

    /// <summary>Status bits 14, 12, 3 and 2, which always read zero.</summary>
    public const ushort AlwaysZero = 0x500C;

    /// <summary>One measurement without clock stretching, which older Raspberry Pi controllers mishandle; table 9.</summary>
    public static ushort SingleShot(Sht31Repeatability repeatability) => repeatability switch
    {
        Sht31Repeatability.Low => 0x2416,
        Sht31Repeatability.Medium => 0x240B,
        _ => 0x2400,
    };

    /// <summary>Measurements by the chip's own clock; tables 10 and 12.</summary>
    public static ushort Periodic(Sht31Acquisition acquisition, Sht31Repeatability repeatability)
    {
        (ushort low, ushort medium, ushort high) = acquisition switch
        {
            Sht31Acquisition.EveryTwoSeconds => ((ushort)0x202F, (ushort)0x2024, (ushort)0x2032),
            Sht31Acquisition.OncePerSecond => ((ushort)0x212D, (ushort)0x2126, (ushort)0x2130),
            Sht31Acquisition.TwicePerSecond => ((ushort)0x222B, (ushort)0x2220, (ushort)0x2236),
            Sht31Acquisition.FourTimesPerSecond => ((ushort)0x2329, (ushort)0x2322, (ushort)0x2334),
            Sht31Acquisition.TenTimesPerSecond => ((ushort)0x272A, (ushort)0x2721, (ushort)0x2737),
            _ => ((ushort)0x2B32, (ushort)0x2B32, (ushort)0x2B32),
        };
        return repeatability switch
        {
            Sht31Repeatability.Low => low,
            Sht31Repeatability.Medium => medium,
            _ => high,
        };
    }
}
