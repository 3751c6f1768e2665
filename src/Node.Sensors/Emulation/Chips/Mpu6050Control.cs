namespace Node.Sensors.Emulation;

/// <summary>The settings that a sample is taken with, decoded from the registers. Source: RM-MPU-6000A revision 4.2, sections 4.2 to 4.5, 4.28 and 4.29.</summary>
/// <param name="Divider">SMPLRT_DIV.</param>
/// <param name="Configuration">CONFIG: low-pass filter in bits 2:0.</param>
/// <param name="Gyroscope">GYRO_CONFIG: self-test in bits 7:5, full scale in 4:3.</param>
/// <param name="Accelerometer">ACCEL_CONFIG: self-test in bits 7:5, full scale in 4:3.</param>
/// <param name="Power">PWR_MGMT_1.</param>
/// <param name="Standby">PWR_MGMT_2: wake-up rate in bits 7:6, an axis switched off in each of 5:0, accelerometer X first.</param>
internal readonly record struct Mpu6050Control(byte Divider, byte Configuration, byte Gyroscope, byte Accelerometer, byte Power, byte Standby)
{
    private const int SelfTestOfX = 0x80;

    /// <summary>Delays of accelerometer and gyroscope for each filter, in milliseconds; 7 is reserved and taken as 0.</summary>
    private static readonly double[] AccelerometerDelays = [0, 2.0, 3.0, 4.9, 8.5, 13.8, 19.0, 0];
    private static readonly double[] GyroscopeDelays = [0.98, 1.9, 2.8, 4.8, 8.3, 13.4, 18.6, 0.98];
    private static readonly double[] Bandwidths = [256, 188, 98, 42, 20, 10, 5, 256];
    private static readonly double[] WakeUpsPerSecond = [1.25, 5, 20, 40];
    private static readonly double[] CountsPerG = [16384, 8192, 4096, 2048];
    private static readonly double[] CountsPerDegreePerSecond = [131, 65.5, 32.8, 16.4];

    public bool IsAsleep => (Power & 0x40) != 0;

    /// <summary>Sleeps and takes a single accelerometer sample at the wake-up rate.</summary>
    public bool IsCycling => (Power & 0x60) == 0x20;

    public bool HasTemperature => (Power & 0x08) == 0;

    public double BandwidthHertz => Bandwidths[Filter];

    /// <summary>From one sample to the next. The divider divides the gyroscope's rate: 8 kHz without filter, 1 kHz with one.</summary>
    public TimeSpan Period => IsCycling
        ? TimeSpan.FromSeconds(1.0 / WakeUpsPerSecond[Standby >> 6])
        : TimeSpan.FromMicroseconds((Filter is 0 or 7 ? 125 : 1000) * (1 + Divider));

    private int Filter => Configuration & 7;

    public bool IsOn(int axis) => (Standby & (0x20 >> axis)) == 0 && (axis < 3 || !IsCycling);

    public bool IsTesting(int axis) => ((axis < 3 ? Accelerometer : Gyroscope) & (SelfTestOfX >> (axis % 3))) != 0;

    public TimeSpan Delay(int axis) => TimeSpan.FromMilliseconds((axis < 3 ? AccelerometerDelays : GyroscopeDelays)[Filter]);

    /// <summary>Counts for one g or one degree per second.</summary>
    public double Sensitivity(int axis) => axis < 3 ? CountsPerG[(Accelerometer >> 3) & 3] : CountsPerDegreePerSecond[(Gyroscope >> 3) & 3];
}
