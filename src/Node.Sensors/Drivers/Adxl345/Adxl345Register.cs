namespace Node.Sensors.Drivers;

/// <summary>Register addresses and bits of the ADXL345. Source: ADXL345 datasheet, rev. E, register map and register definitions.</summary>
internal static class Adxl345Register
{
    /// <summary>First byte of an exchange: bit 7 reads.</summary>
    public const byte ReadBit = 0x80;

    /// <summary>First byte of an exchange: bit 6 goes on to the next register after each byte.</summary>
    public const byte BurstBit = 0x40;

    public const byte DeviceId = 0x00;

    /// <summary>THRESH_TAP: the first of fourteen registers of offsets and motion detection, up to TAP_AXES.</summary>
    public const byte Motion = 0x1D;
    public const int MotionLength = 14;

    /// <summary>BW_RATE, POWER_CTL, INT_ENABLE, INT_MAP, INT_SOURCE and DATA_FORMAT: 0x2C to 0x31.</summary>
    public const byte Control = 0x2C;
    public const int ControlLength = 6;

    /// <summary>The control registers and the six data registers that follow them: 0x2C to 0x37.</summary>
    public const int ControlToDataLength = ControlLength + Adxl345Frame.Length;

    /// <summary>INT_SOURCE, DATA_FORMAT and the six data registers: 0x30 to 0x37.</summary>
    public const int SourceToDataLength = 2 + Adxl345Frame.Length;

    public const byte Rate = 0x2C;
    public const byte PowerControl = 0x2D;
    public const byte InterruptEnable = 0x2E;
    public const byte InterruptMap = 0x2F;
    public const byte InterruptSource = 0x30;
    public const byte DataFormat = 0x31;
    public const byte FifoControl = 0x38;

    /// <summary>FIFO_CTL and FIFO_STATUS.</summary>
    public const int FifoLength = 2;

    public const byte Adxl345Id = 0xE5;

    /// <summary>POWER_CTL bit 3.</summary>
    public const byte Measure = 0x08;

    /// <summary>INT_SOURCE and INT_ENABLE bit 7.</summary>
    public const byte DataReady = 0x80;

    /// <summary>INT_SOURCE and INT_ENABLE bit 1.</summary>
    public const byte Watermark = 0x02;

    /// <summary>INT_SOURCE bit 0.</summary>
    public const byte Overrun = 0x01;

    /// <summary>FIFO_CTL bits 7:6: the newest 32 samples are kept.</summary>
    public const byte StreamMode = 0x80;

    /// <summary>FIFO_STATUS bits 5:0.</summary>
    public const int EntriesMask = 0x3F;
}
