namespace Node.Sensors.Drivers;

/// <summary>Register addresses and bits of the MPU-6050. Source: register map RM-MPU-6000A revision 4.2, chapters 3 and 4.</summary>
internal static class Mpu6050Register
{
    /// <summary>SELF_TEST_X, Y, Z and A: the factory trims; section 4.1.</summary>
    public const byte SelfTest = 0x0D;
    public const int SelfTestLength = 4;

    /// <summary>SMPLRT_DIV, CONFIG, GYRO_CONFIG, ACCEL_CONFIG: 0x19 to 0x1C; sections 4.2 to 4.5.</summary>
    public const byte SampleRateDivider = 0x19;
    public const int SamplingLength = 4;

    public const byte GyroscopeConfiguration = 0x1B;
    public const byte FifoEnable = 0x23;

    /// <summary>INT_PIN_CFG, then INT_ENABLE; sections 4.13 and 4.14.</summary>
    public const byte InterruptPin = 0x37;

    public const byte InterruptStatus = 0x3A;

    /// <summary>INT_STATUS and the 14 data registers behind it: 0x3A to 0x48.</summary>
    public const int StatusToDataLength = 1 + Mpu6050Frame.Length;

    public const byte UserControl = 0x6A;
    public const byte PowerManagement1 = 0x6B;

    /// <summary>FIFO_COUNT_H, then FIFO_COUNT_L; section 4.30.</summary>
    public const byte FifoCount = 0x72;

    public const byte FifoData = 0x74;
    public const byte WhoAmI = 0x75;

    /// <summary>The identity, whatever pin AD0 says; section 4.32.</summary>
    public const byte Mpu6050Id = 0x68;

    /// <summary>PWR_MGMT_1 bit 7: reset, and still resetting; section 4.28.</summary>
    public const byte DeviceReset = 0x80;

    /// <summary>PWR_MGMT_1: awake, clocked by the phase-locked loop of gyroscope X, which is recommended for its stability; section 4.28.</summary>
    public const byte AwakeOnGyroscopeClock = 0x01;

    /// <summary>INT_PIN_CFG: active high, push-pull, latched until INT_STATUS is read; section 4.13.</summary>
    public const byte LatchedInterrupt = 0x20;

    /// <summary>INT_ENABLE and INT_STATUS bit 0.</summary>
    public const byte DataReady = 0x01;

    /// <summary>INT_ENABLE and INT_STATUS bit 4.</summary>
    public const byte FifoOverflow = 0x10;

    /// <summary>FIFO_EN: temperature, gyroscope X, Y, Z and accelerometer; section 4.6.</summary>
    public const byte FifoTakesEverything = 0xF8;

    /// <summary>USER_CTRL bit 6.</summary>
    public const byte FifoOn = 0x40;

    /// <summary>USER_CTRL bit 2, obeyed while bit 6 is 0; section 4.27.</summary>
    public const byte FifoReset = 0x04;

    /// <summary>Bits 7:5 of GYRO_CONFIG and ACCEL_CONFIG: self-test of X, Y and Z.</summary>
    public const byte SelfTestOn = 0xE0;

    /// <summary>Full scale ±250 °/s and ±8 g, for which the factory trims are meant; section 4.1.</summary>
    public const byte SelfTestGyroscopeRange = 0x00;
    public const byte SelfTestAccelerometerRange = 0x10;
}
