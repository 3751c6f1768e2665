namespace Node.Sensors.Emulation;

/// <summary>What the Config register says, decoded. Source: ADS1115 datasheet SBAS444, Config register field descriptions.</summary>
internal readonly record struct Ads1115Control(ushort Word)
{
    private const int VoltsToGround = 4;

    private static readonly double[] FullScales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
    private static readonly int[] ConversionsPerSecond = [8, 16, 32, 64, 128, 250, 475, 860];

    /// <summary>Bit 15, written as 1: begin a conversion if none runs.</summary>
    public bool Starts => (Word & 0x8000) != 0;

    /// <summary>The input that counts positive, 0 to 3: bits 14:12.</summary>
    public int Positive => Multiplexer switch
    {
        0 or 1 => 0,
        2 => 1,
        3 => 2,
        _ => Multiplexer - VoltsToGround,
    };

    /// <summary>The input that counts negative, or <see langword="null"/> for ground.</summary>
    public int? Negative => Multiplexer switch
    {
        0 => 1,
        1 or 2 or 3 => 3,
        _ => null,
    };

    /// <summary>Volts that stand for code 32768: bits 11:9.</summary>
    public double FullScaleVolts => FullScales[(Word >> 9) & 7];

    public bool IsContinuous => (Word & 0x0100) == 0;

    public bool IsWindow => (Word & 0x0010) != 0;

    public bool IsActiveHigh => (Word & 0x0008) != 0;

    public bool IsLatching => (Word & 0x0004) != 0;

    /// <summary>Bits 1:0: how many conversions beyond a threshold assert the pin, or <see langword="null"/> when it is switched off.</summary>
    public int? Queue => (Word & 3) == 3 ? null : 1 << (Word & 3);

    private int Multiplexer => (Word >> 12) & 7;

    /// <summary>Bits 7:5; the oscillator is off by up to 10 %.</summary>
    public TimeSpan Duration(ConversionTime time)
    {
        double seconds = 1.0 / ConversionsPerSecond[(Word >> 5) & 7];
        return TimeSpan.FromSeconds(time.Of(seconds, 1.1 * seconds));
    }
}
