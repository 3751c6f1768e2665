namespace Node.Sensors.Drivers;

/// <summary>Register addresses of the BME280. Source: BME280 datasheet BST-BME280-DS002, section 5.3.</summary>
internal static class Bme280Register
{
    /// <summary>T1 to T3, P1 to P9, a gap at 0xA0, and H1.</summary>
    public const byte CalibrationLow = 0x88;
    public const int CalibrationLowLength = 26;

    public const byte Id = 0xD0;
    public const byte Reset = 0xE0;

    /// <summary>H2 to H6.</summary>
    public const byte CalibrationHigh = 0xE1;
    public const int CalibrationHighLength = 7;

    public const byte ControlHumidity = 0xF2;
    public const byte Status = 0xF3;
    public const byte ControlMeasurement = 0xF4;
    public const byte Configuration = 0xF5;

    /// <summary>ctrl_hum, status, ctrl_meas and config: 0xF2 to 0xF5.</summary>
    public const int ControlLength = 4;

    /// <summary>The control registers and, after a reserved one, the eight data registers: 0xF2 to 0xFE.</summary>
    public const int ControlToDataLength = 13;

    /// <summary>The id of a BME280; section 5.4.1.</summary>
    public const byte Bme280Id = 0x60;

    /// <summary>The id of a BMP280, which has the same package, pins and addresses but no humidity channel.</summary>
    public const byte Bmp280Id = 0x58;

    /// <summary>The only value that the reset register obeys; section 5.4.2.</summary>
    public const byte ResetWord = 0xB6;

    /// <summary>Status bit 3: a conversion runs; section 5.4.4.</summary>
    public const byte Measuring = 0x08;

    /// <summary>Status bit 0: the calibration is being copied from its memory; section 5.4.4.</summary>
    public const byte ImageUpdate = 0x01;

    /// <summary>Mode bits 1:0 of the measurement control register; section 5.4.5.</summary>
    public const byte ForcedMode = 0x01;
}
